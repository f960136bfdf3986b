#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/units.h"

namespace confab {

// Lets `burst` events through at once and `per_second` (or `per_period`) in the long run. Pure.
class TokenBucket {
 public:
  TokenBucket(int64_t per_second, int64_t burst)
      : TokenBucket(per_second, TimeDelta::Seconds(1), burst) {}
  // `period`: more than nothing, an hour at most.
  TokenBucket(int64_t per_period, TimeDelta period, int64_t burst)
      : per_period_(per_period), token_(period.us()), burst_(burst) {
    level_ = burst_ * token_;
  }

  // Takes a token; where there is none, how long until there is.
  std::optional<TimeDelta> Take(Timestamp now) {
    if (!last_.is_never()) {
      const int64_t elapsed_us = std::clamp<int64_t>((now - last_).us(), 0, kMaxElapsedUs);
      level_ = std::min(burst_ * token_, level_ + elapsed_us * per_period_);
    }
    last_ = now;
    if (level_ < token_) return TimeDelta::Micros((token_ - level_) / per_period_ + 1);
    level_ -= token_;
    return std::nullopt;
  }

 private:
  static constexpr int64_t kMaxElapsedUs = 3'600'000'000;  // keeps the product in range

  int64_t per_period_;
  int64_t token_;  // in parts: as many as the period has microseconds
  int64_t burst_;
  int64_t level_;  // in parts
  Timestamp last_ = Timestamp::Never();
};

}  // namespace confab
