#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "base/random.h"
#include "services/signaling/call/session.h"
#include "services/signaling/room/room.h"

namespace confab::signaling {

// What a room's id comes from.
enum class RoomIds : uint8_t {
  kRandom,  // another one in each life of the room
  kByName,  // the same at every signaling instance, because their rooms share a router
};

// The rooms of this instance, by name and by id.
class RoomDirectory {
 public:
  RoomDirectory(RandomSource& random, size_t max_rooms, RoomLimits limits, RoomIds ids)
      : random_(random), max_rooms_(max_rooms), limits_(limits), ids_(ids) {}

  // nullptr where nobody is inside.
  std::shared_ptr<Room> Find(std::string_view name) const;
  std::shared_ptr<Room> Find(RoomId id) const;
  // Finds or makes. Error: kLimitExceeded.
  Result<std::shared_ptr<Room>> Open(std::string_view name, int64_t now_ms);
  // The room has closed; its name is free.
  void Forget(const Room& room);

  // The place of a participant of this instance, where it still exists.
  std::optional<Place> Find(std::string_view room, ParticipantId participant) const;

  size_t size() const { return by_id_.size(); }
  size_t participants() const;
  const RoomLimits& limits() const { return limits_; }
  const std::unordered_map<RoomId, std::shared_ptr<Room>>& rooms() const { return by_id_; }

 private:
  RandomSource& random_;
  size_t max_rooms_;
  RoomLimits limits_;
  RoomIds ids_;
  std::unordered_map<RoomId, std::shared_ptr<Room>> by_id_;
  std::unordered_map<std::string, RoomId> by_name_;
};

}  // namespace confab::signaling
