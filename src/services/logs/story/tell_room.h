#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "services/logs/log_index.h"
#include "services/logs/story/gather.h"

namespace confab::logs {

// Of one story so many lines are read; reports that are older are left out first.
inline constexpr size_t kMaxStoryLines = 40'000;

struct RoomQuestion {
  RoomKey room;
  std::optional<int64_t> at_us;  // a time of the call; nothing: the newest
  int64_t now_us = 0;
};

// One call of a room explained, as JSON (docs/logs-viewer.md, "The interface: explaining a call").
// Takes some tens of milliseconds. Error kRoomNotFound: no line of a call of this room is kept.
Result<std::string> TellRoom(const LogIndex& index, const RoomQuestion& question);

}  // namespace confab::logs
