#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/units.h"

namespace confab::app {

// What a process has used so far.
struct ProcessLoad {
  TimeDelta cpu;             // in user and system mode, all threads
  uint64_t resident_kb = 0;  // VmRSS
};

// From /proc/PID; nullopt: there is no such process.
std::optional<ProcessLoad> ReadProcessLoad(pid_t pid);
// The same from the texts of /proc/PID/stat and /proc/PID/status (proc(5)).
std::optional<ProcessLoad> ParseProcessLoad(std::string_view stat, std::string_view status,
                                            int64_t ticks_per_second);

}  // namespace confab::app
