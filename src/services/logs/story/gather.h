#pragma once

#include <string>
#include <vector>

#include "services/logs/log_index.h"
#include "services/logs/story/processes.h"

namespace confab::logs {

// Whose lines are wanted: a room as it stands in lines.
struct RoomKey {
  std::string hashed;      // of the name that somebody gave
  std::string as_written;  // what they gave may be what lines have; "" where it must be a name

  bool Fits(const std::string& room) const {
    return room == hashed || (!as_written.empty() && room == as_written);
  }
};

// What the index has for a room, in the order of time. The entries are the index's.
struct GatheredLines {
  // Of what concerns all rooms the newest so many.
  static constexpr size_t kMaxSystemLines = 5000;

  std::vector<const LogEntry*> of_room;
  std::vector<const LogEntry*> of_system;  // media.*, bus.*, store.*, … without a room
  Processes processes;
};

// One pass over the index, which parses nothing.
GatheredLines Gather(const LogIndex& index, const RoomKey& room);

}  // namespace confab::logs
