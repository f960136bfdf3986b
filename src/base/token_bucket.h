#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/units.h"

namespace confab {

// Lets `burst` events through at once and `per_second` in the long run. Pure.
class TokenBucket {
 public:
  TokenBucket(int64_t per_second, int64_t burst) : per_second_(per_second), burst_(burst) {
    level_ = burst_ * kMicros;
  }

  // Takes a token; where there is none, how long until there is.
  std::optional<TimeDelta> Take(Timestamp now) {
    if (!last_.is_never()) {
      const int64_t elapsed_us = std::clamp<int64_t>((now - last_).us(), 0, kMaxElapsedUs);
      level_ = std::min(burst_ * kMicros, level_ + elapsed_us * per_second_);
    }
    last_ = now;
    if (level_ < kMicros) return TimeDelta::Micros((kMicros - level_) / per_second_ + 1);
    level_ -= kMicros;
    return std::nullopt;
  }

 private:
  static constexpr int64_t kMicros = 1'000'000;            // of a token
  static constexpr int64_t kMaxElapsedUs = 3'600'000'000;  // keeps the product in range

  int64_t per_second_;
  int64_t burst_;
  int64_t level_;  // in micro-tokens
  Timestamp last_ = Timestamp::Never();
};

}  // namespace confab
