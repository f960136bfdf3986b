#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "services/logs/log_entry.h"
#include "services/logs/story/processes.h"
#include "services/logs/story/story.h"

namespace confab::logs {

// After so long without anybody inside, the next line begins another call.
inline constexpr int64_t kCallGapUs = 60 * kSecondUs;
// Who has no line for so long, and whose signaling process has gone, has gone too.
inline constexpr int64_t kVanishedUs = 120 * kSecondUs;

// One call among the lines of a room.
struct FoundCall {
  size_t begin = 0, end = 0;  // of its lines
  CallStory told;
  // Who went without a line that says so, and when they were last heard of.
  std::map<std::string, int64_t> vanished;
};

// Cuts the lines of a room, in the order of time, into calls; the oldest is first. A stretch with
// nobody inside is one where somebody was refused or whose page tells of a failure; else it is
// none.
std::vector<FoundCall> FindCalls(std::span<const LogEntry* const> lines, const Processes& processes,
                                 int64_t now_us);

// The call of a time: the last one that began before it, else the first. `calls` is not empty.
size_t CallAt(std::span<const FoundCall> calls, int64_t at_us);

}  // namespace confab::logs
