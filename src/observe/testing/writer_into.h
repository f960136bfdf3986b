#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "observe/log_writer.h"

// For tests: a writer whose lines go into a text, at a time that stands still.
namespace confab::observe::testing {

inline constexpr int64_t kNow = 1'767'225'599'000'042;  // 2025-12-31T23:59:59.000042Z

// Owned by the test; the writer's thread appends while it runs, so read after Flush or the end.
inline LogWriterOptions Into(std::string& out, LogFormat format = LogFormat::kJson) {
  LogWriterOptions options;
  options.format = format;
  options.output = [&out](std::string_view lines) { out += lines; };
  options.unix_now_us = [] { return kNow; };
  options.instance = "i1";
  return options;
}

}  // namespace confab::observe::testing
