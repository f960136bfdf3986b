#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/units.h"

namespace confab::bus {

inline constexpr size_t kMaxRelayedRooms = 100'000;  // remembered at once, of one way of a relay

// One room of the source. Shared with the coroutine that works on it.
struct RelayedRoom {
  std::string name;
  // Where we are in the source's log.
  std::string life;
  uint64_t sequence = 0;
  bool is_known = false;     // that, by the target's mark
  bool must_restate = true;  // after catching up: the target may have taken owners for gone
  bool has_news = false;
  bool is_working = false;
  Timestamp idle_since;  // while it is not working
};

// The rooms of which a relay remembers where it is: those at work, and those that were so lately. A
// room that is idle for `idle_limit` is forgotten; at `most` rooms the one idle longest is, for a
// new one. The next time it begins at the target's mark. A room at work is never forgotten. A
// value of one thread.
class RelayedRooms {
 public:
  using RoomPtr = std::shared_ptr<RelayedRoom>;

  RelayedRooms(size_t most, TimeDelta idle_limit) : most_(most), idle_limit_(idle_limit) {}

  // The room of this name, else a new one; work on it is to begin before the next call. nullptr:
  // `most` rooms are at work. Forgets two idle ones at most, so it never takes long, and what is
  // idle gets less with each new room.
  RoomPtr Open(const std::string& name, Timestamp now);
  void BeginWork(RelayedRoom& room);
  void EndWork(const RoomPtr& room, Timestamp now);

  const std::map<std::string, RoomPtr>& all() const { return rooms_; }

 private:
  void ForgetLongestIdle();

  size_t most_;
  TimeDelta idle_limit_;
  std::map<std::string, RoomPtr> rooms_;
  std::set<std::pair<Timestamp, RelayedRoom*>> idle_;  // of rooms_, and since when
};

}  // namespace confab::bus
