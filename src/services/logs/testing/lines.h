#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "observe/logger.h"
#include "services/logs/log_entry.h"

// For tests: lines as services write them.
namespace confab::logs::testing {

inline constexpr int64_t kStartUs = 1'700'000'000'000'000;

// `more`: further members, such as `,"room":"tea"`.
inline std::string LineAt(int64_t time_us, std::string_view more = "",
                          std::string_view event = "room.opened", std::string_view level = "info") {
  return fmt::format(
      R"({{"time":"{}","level":"{}","service":"media","instance":"m1","event":"{}"{}}})",
      observe::FormatUtc(time_us), level, event, more);
}

inline LogEntry Parsed(std::string text, int64_t now_us = kStartUs) {
  const uint64_t octets = text.size();
  return ParseLine({.bytes = std::move(text), .octets = octets},
                   std::make_shared<const std::string>("media-m1.jsonl"), 0, now_us);
}

}  // namespace confab::logs::testing
