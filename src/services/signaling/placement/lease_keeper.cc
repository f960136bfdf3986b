#include "services/signaling/placement/lease_keeper.h"

#include <fmt/format.h>

#include <utility>

namespace confab::signaling {

LeaseKeeper::LeaseKeeper(PlacementChoice& choice)
    : view_{.choice = choice,
            .reach =
                [this](std::string_view media_instance) {
                  const auto found = media_.find(media_instance);
                  return found == media_.end() ? MediaReach::kSilent : found->second.reach;
                },
            .process =
                [this](std::string_view media_instance) {
                  const auto found = media_.find(media_instance);
                  return found == media_.end() ? "" : found->second.process;
                }} {}

Result<void> LeaseKeeper::Want(Timestamp now, const std::string& room, std::string region) {
  if (rooms_.contains(room)) return {};
  if (rooms_.size() >= kMaxRooms) {
    return Fail(
        ErrorCode::kLimitExceeded,
        fmt::format("a signaling instance takes {} rooms at most: join by another one", kMaxRooms));
  }
  rooms_.try_emplace(room, room, std::move(region), view_).first->second.Step(now, calls_);
  return {};
}

void LeaseKeeper::Leave(const std::string& room, Leaving leaving) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  if (leaving == Leaving::kRoomEnded) found->second.Release(calls_);
  found->second.Forget();
  rooms_.erase(found);
}

void LeaseKeeper::Step(Timestamp now) {
  for (auto& [name, room] : rooms_) room.Step(now, calls_);
}

LeaseKeeper::Media& LeaseKeeper::MediaOf(const std::string& media_instance) {
  if (!media_.contains(media_instance) && media_.size() >= kMaxMedia) media_.erase(media_.begin());
  return media_[media_instance];
}

void LeaseKeeper::SetReach(Timestamp now, const std::string& media_instance, MediaReach reach) {
  MediaOf(media_instance).reach = reach;
  if (reach != MediaReach::kDead) return;
  // Each time: what was too young to be believed over is older by now.
  for (auto& [name, room] : rooms_) room.HandleDeath(now, media_instance, calls_);
}

void LeaseKeeper::HandleUp(Timestamp now, const std::string& media_instance,
                           const std::string& process) {
  Media& media = MediaOf(media_instance);
  media.reach = MediaReach::kUp;
  const std::string before = std::exchange(media.process, process);
  const bool is_replaced = !before.empty() && before != process;
  for (auto& [name, room] : rooms_) {
    if (is_replaced) room.HandleReplaced(now, media_instance, calls_);
    room.HandleUp(now, calls_);
  }
}

void LeaseKeeper::HandleEnded(Timestamp now, const std::string& room, const Home& ended) {
  if (RoomLease* found = FindRoom(room)) found->HandleEnded(now, ended, calls_);
}

std::array<size_t, RoomLease::kStates> LeaseKeeper::states() const {
  std::array<size_t, RoomLease::kStates> states{};
  for (const auto& [name, room] : rooms_) ++states[static_cast<size_t>(room.state())];
  return states;
}

void LeaseKeeper::HandleHeard(Timestamp now, const std::string& room, const Home& home) {
  if (RoomLease* found = FindRoom(room)) found->HandleHeard(now, home);
}

void LeaseKeeper::HandleFound(Timestamp now, const std::string& room, uint64_t ticket,
                              const PlacementSight& sight) {
  view_.is_store_away = false;
  if (RoomLease* found = FindRoom(room)) found->HandleFound(now, ticket, sight, calls_);
}

void LeaseKeeper::HandleClaimed(Timestamp now, const std::string& room, uint64_t ticket,
                                ClaimAnswer answer, const PlacementSight& seen,
                                const PlacementSight& sight) {
  view_.is_store_away = false;
  if (RoomLease* found = FindRoom(room)) {
    found->HandleClaimed(now, ticket, answer, sight, calls_);
  } else if (answer == ClaimAnswer::kGranted && seen.media_instance.empty()) {
    // Nobody wants it any more, and its lease is never taken. Where somebody had the room, they
    // have its lease perhaps.
    calls_.push_back({.room = room, .what = ReleaseRow{sight.epoch}});
  }
}

void LeaseKeeper::HandleRenewed(Timestamp now, const std::string& room, uint64_t ticket,
                                RenewalAnswer answer) {
  view_.is_store_away = false;
  if (RoomLease* found = FindRoom(room)) found->HandleRenewed(now, ticket, answer, calls_);
}

void LeaseKeeper::HandleStoreFault(Timestamp now, const std::string& room, uint64_t ticket) {
  view_.is_store_away = true;
  if (RoomLease* found = FindRoom(room)) found->HandleStoreFault(now, ticket, calls_);
}

void LeaseKeeper::HandleLease(Timestamp now, const std::string& room, uint64_t ticket,
                              LeaseAnswer answer) {
  if (RoomLease* found = FindRoom(room)) found->HandleLease(now, ticket, answer, calls_);
}

const RoomLease* LeaseKeeper::Find(const std::string& room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : &found->second;
}

RoomLease* LeaseKeeper::FindRoom(const std::string& room) {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : &found->second;
}

}  // namespace confab::signaling
