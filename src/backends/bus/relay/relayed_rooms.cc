#include "backends/bus/relay/relayed_rooms.h"

namespace confab::bus {
namespace {

constexpr int kForgottenAtOnce = 2;

}  // namespace

RelayedRooms::RoomPtr RelayedRooms::Open(const std::string& name, Timestamp now) {
  for (int i = 0; i < kForgottenAtOnce; ++i) {
    if (idle_.empty() || now - idle_.begin()->first < idle_limit_) break;
    ForgetLongestIdle();
  }
  const auto found = rooms_.find(name);
  if (found != rooms_.end()) return found->second;
  if (rooms_.size() >= most_) {
    if (idle_.empty()) return nullptr;
    ForgetLongestIdle();
  }
  return rooms_.emplace(name, std::make_shared<RelayedRoom>(RelayedRoom{.name = name}))
      .first->second;
}

void RelayedRooms::BeginWork(RelayedRoom& room) {
  room.is_working = true;
  idle_.erase({room.idle_since, &room});
}

void RelayedRooms::EndWork(const RoomPtr& room, Timestamp now) {
  room->is_working = false;
  room->idle_since = now;
  idle_.emplace(now, room.get());
}

void RelayedRooms::ForgetLongestIdle() {
  const std::string name = idle_.begin()->second->name;  // the room itself ends with its entry
  idle_.erase(idle_.begin());
  rooms_.erase(name);
}

}  // namespace confab::bus
