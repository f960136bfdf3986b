#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

// Times of lines are microseconds since the Unix epoch.
namespace confab::logs {

inline constexpr int64_t kSecondUs = 1'000'000;
inline constexpr int64_t kMillisUs = 1000;

// From a time to another, or to now and on.
struct TimeSpan {
  int64_t from_us = 0;
  std::optional<int64_t> to_us;

  bool operator==(const TimeSpan&) const = default;
};

// Whether two spans have a time in common.
constexpr bool Overlap(const TimeSpan& a, const TimeSpan& b) {
  return (!a.to_us || b.from_us <= *a.to_us) && (!b.to_us || a.from_us <= *b.to_us);
}

// The span with a margin before it and behind it.
constexpr TimeSpan Widened(TimeSpan span, int64_t before_us, int64_t behind_us) {
  span.from_us -= before_us;
  if (span.to_us) *span.to_us += behind_us;
  return span;
}

}  // namespace confab::logs
