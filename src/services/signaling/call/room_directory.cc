#include "services/signaling/call/room_directory.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace confab::signaling {
namespace {

struct SecretTag;
constexpr size_t kIdSize = 26;
// "room-participant-secret"
constexpr size_t kTokenSize = 3 * kIdSize + 2;

}  // namespace

std::shared_ptr<Room> RoomDirectory::Find(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : Find(found->second);
}

std::shared_ptr<Room> RoomDirectory::Find(RoomId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

Result<std::shared_ptr<Room>> RoomDirectory::Open(std::string_view name, int64_t now_ms) {
  if (std::shared_ptr<Room> room = Find(name)) return room;
  if (by_id_.size() >= max_rooms_) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("this instance has {} rooms, as many as it may", max_rooms_));
  }
  const RoomId id = RoomId::Random(random_);
  auto room = std::make_shared<Room>(id, std::string(name), now_ms, limits_);
  by_id_.emplace(id, room);
  by_name_.emplace(name, id);
  return room;
}

void RoomDirectory::Forget(const Room& room) {
  by_name_.erase(room.name());
  by_id_.erase(room.id());
}

std::string RoomDirectory::NewSecret() {
  return Id<SecretTag>::Random(random_).ToString();
}

std::string RoomDirectory::ResumeToken(const Room& room, const Participant& participant) {
  return fmt::format("{}-{}-{}", room.id().ToString(), participant.id.ToString(),
                     participant.secret);
}

std::optional<Place> RoomDirectory::Redeem(std::string_view token) const {
  if (token.size() != kTokenSize) return std::nullopt;
  const auto room_id = RoomId::Parse(token.substr(0, kIdSize));
  const auto participant_id = ParticipantId::Parse(token.substr(kIdSize + 1, kIdSize));
  const std::string_view secret = token.substr(2 * (kIdSize + 1));
  if (!room_id || !participant_id) return std::nullopt;
  std::shared_ptr<Room> room = Find(*room_id);
  const Participant* participant = room ? room->Find(*participant_id) : nullptr;
  if (participant == nullptr || participant->secret.size() != secret.size()) return std::nullopt;
  // In constant time: how much of a guess is right must not show.
  if (CRYPTO_memcmp(participant->secret.data(), secret.data(), secret.size()) != 0) {
    return std::nullopt;
  }
  return Place{std::move(room), *participant_id};
}

size_t RoomDirectory::participants() const {
  size_t count = 0;
  for (const auto& [id, room] : by_id_) count += room->seats();
  return count;
}

}  // namespace confab::signaling
