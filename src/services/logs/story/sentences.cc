#include "services/logs/story/sentences.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/logs/story/line.h"

namespace confab::logs {
namespace {

constexpr size_t kShownIdBytes = 8;
constexpr int64_t kManySeconds = 180;
constexpr int64_t kMinuteSeconds = 60;

}  // namespace

std::string Named(std::string_view participant) {
  return fmt::format("participant {}", Cut(participant, kShownIdBytes));
}

std::string CountedWere(size_t count, std::string_view one, std::string_view several) {
  return count == 1 ? fmt::format("1 {} was", one) : fmt::format("{} {} were", count, several);
}

std::string Lasting(const TimeSpan& time, int64_t now_us) {
  const int64_t length_us = std::max<int64_t>(time.to_us.value_or(now_us) - time.from_us, 0);
  const int64_t seconds = (length_us + kSecondUs / 2) / kSecondUs;
  if (seconds < kManySeconds) return fmt::format("{} s", seconds);
  return fmt::format("{} min", seconds / kMinuteSeconds);
}

}  // namespace confab::logs
