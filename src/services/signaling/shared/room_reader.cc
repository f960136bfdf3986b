#include "services/signaling/shared/room_reader.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>
#include <utility>
#include <vector>

namespace confab::signaling {
namespace {

constexpr std::string_view kPrefix = "p/";
constexpr TimeDelta kFirstPause = TimeDelta::Millis(50);
constexpr TimeDelta kMostPause = TimeDelta::Seconds(1);
// Of an instance that is gone, which cannot say why.
constexpr std::string_view kInstanceGone = "timeout";
constexpr std::string_view kLeft = "left";

}  // namespace

std::string KeyOf(ParticipantId id) {
  return std::string(kPrefix) + id.ToString();
}

std::optional<ParticipantId> ParticipantOf(std::string_view key) {
  if (!key.starts_with(kPrefix)) return std::nullopt;
  return ParticipantId::Parse(key.substr(kPrefix.size()));
}

RoomReader::RoomReader(asio::io_context& io, bus::Bus& bus, std::string room, Listener listener)
    : io_(io),
      bus_(bus),
      room_(std::move(room)),
      listener_(std::move(listener)),
      known_(io.get_executor()),
      back_off_(kFirstPause, kMostPause) {}

void RoomReader::Start() {
  asio::co_spawn(io_, Begin(), asio::detached);
}

void RoomReader::End() {
  is_ended_ = true;
  following_.reset();
  known_.Set();
}

asio::awaitable<bool> RoomReader::Known(TimeDelta patience) {
  const auto self = shared_from_this();
  co_await known_.Wait(patience);
  co_return known_.is_set() && !is_ended_;
}

asio::awaitable<void> RoomReader::Begin() {
  const auto self = shared_from_this();
  while (!is_ended_) {
    const Result<bus::RoomState> state = co_await bus_.Snapshot(room_);
    if (is_ended_) co_return;
    if (state) {
      bus::Bus::Follower follower;
      follower.on_entry = [this](const bus::LogEntry& entry) { TakeEntry(entry); };
      follower.on_reset = [weak = weak_from_this()](bus::ResetReason) {
        const auto reader = weak.lock();
        if (!reader || reader->is_ended_) return;
        reader->following_.reset();
        reader->listener_.on_missed();
        reader->Start();
      };
      following_ = bus_.Follow(room_, state->position, std::move(follower));
    }
    if (following_) {
      TakeState(*state);
      back_off_.Reset();
      known_.Set();
      co_return;
    }
    asio::steady_timer pause(io_);
    pause.expires_after(ToChrono(back_off_.Next(random_)));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void RoomReader::TakeState(const bus::RoomState& state) {
  std::set<ParticipantId> there;
  for (const bus::OwnedField& field : state.fields) {
    const auto id = ParticipantOf(field.key);
    if (!id) continue;
    if (field.owner == bus_.self()) {
      listener_.on_own(*id);
      continue;
    }
    there.insert(*id);
    Set(field.key, field.value, field.owner);
  }
  std::vector<ParticipantId> gone;
  for (const auto& [id, sharing] : others_) {
    if (!there.contains(id)) gone.push_back(id);
  }
  for (const ParticipantId id : gone) Drop(id, kLeft);
}

void RoomReader::TakeOwnEntry(const bus::LogEntry& entry) {
  for (const bus::FieldValue& field : entry.set) {
    const auto id = ParticipantOf(field.key);
    if (!id) continue;
    if (const auto known = others_.find(*id); known != others_.end()) {
      known->second.owner = entry.origin;
    }
    listener_.on_own(*id);
  }
  // Where the last that was written of it was ours, nobody has it now.
  for (const std::string& key : entry.removed) {
    const auto id = ParticipantOf(key);
    if (id && IsOf(*id, entry.origin)) Drop(*id, kLeft);
  }
}

void RoomReader::TakeEntry(const bus::LogEntry& entry) {
  if (entry.origin == bus_.self()) return TakeOwnEntry(entry);
  v1::SharedNote note;
  if (!note.ParseFromString(entry.event)) note.Clear();
  for (const std::string& key : entry.removed) {
    const auto id = ParticipantOf(key);
    if (!id || !IsOf(*id, entry.origin)) continue;
    const auto reason = note.left().find(id->ToString());
    Drop(*id, entry.kind != bus::EntryKind::kChange ? kInstanceGone
              : reason == note.left().end()         ? kLeft
                                                    : std::string_view(reason->second));
  }
  if (entry.kind != bus::EntryKind::kChange) {
    std::set<ParticipantId> stated;
    for (const bus::FieldValue& field : entry.set) {
      if (const auto id = ParticipantOf(field.key)) stated.insert(*id);
    }
    std::vector<ParticipantId> gone;
    for (const auto& [id, sharing] : others_) {
      if (sharing.owner == entry.origin && !stated.contains(id)) gone.push_back(id);
    }
    for (const ParticipantId id : gone) Drop(id, kInstanceGone);
  }
  for (const bus::FieldValue& field : entry.set) Set(field.key, field.value, entry.origin);
  if (!entry.event.empty()) listener_.on_note(note);
}

void RoomReader::Set(const std::string& key, const std::string& value,
                     const bus::InstanceName& owner) {
  const auto id = ParticipantOf(key);
  if (!id) return;
  Sharing sharing{.owner = owner, .participant = {}};
  // What cannot be read is of nobody we could show.
  if (!sharing.participant.ParseFromString(value)) return;
  others_[*id] = sharing;
  listener_.on_set(*id, sharing);
}

bool RoomReader::IsOf(ParticipantId id, const bus::InstanceName& owner) const {
  const auto known = others_.find(id);
  return known != others_.end() && known->second.owner == owner;
}

void RoomReader::Drop(ParticipantId id, std::string_view reason) {
  if (others_.erase(id) > 0) listener_.on_gone(id, reason);
}

}  // namespace confab::signaling
