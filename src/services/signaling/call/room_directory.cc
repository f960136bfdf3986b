#include "services/signaling/call/room_directory.h"

#include <fmt/format.h>

#include "services/signaling/placement/router_id.h"

namespace confab::signaling {
namespace {

RoomId RoomIdOf(std::string_view name) {
  return *RoomId::Parse(RouterIdOf(name));
}

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
  const RoomId id = ids_ == RoomIds::kByName ? RoomIdOf(name) : RoomId::Random(random_);
  auto room = std::make_shared<Room>(id, std::string(name), now_ms, limits_);
  by_id_.emplace(id, room);
  by_name_.emplace(name, id);
  return room;
}

void RoomDirectory::Forget(const Room& room) {
  by_name_.erase(room.name());
  by_id_.erase(room.id());
}

std::optional<Place> RoomDirectory::Find(std::string_view name, ParticipantId participant) const {
  std::shared_ptr<Room> room = Find(name);
  if (!room || room->FindHere(participant) == nullptr) return std::nullopt;
  return Place{std::move(room), participant};
}

size_t RoomDirectory::participants() const {
  size_t count = 0;
  for (const auto& [id, room] : by_id_) count += room->seats_here();
  return count;
}

}  // namespace confab::signaling
