#pragma once

#include <algorithm>

#include "base/units.h"

namespace confab::discovery {

// A token bucket for a loop: so many rounds at once, and one more with each interval. A value; the
// time comes from outside.
class RateLimit {
 public:
  RateLimit(int burst, TimeDelta interval) : interval_(interval), slack_(interval * (burst - 1)) {}

  // How long to wait before the next round, which is counted herewith; 0: not at all.
  TimeDelta Take(Timestamp now) {
    const Timestamp earliest = free_at_ - slack_;
    const TimeDelta wait = std::max(earliest - now, TimeDelta());
    free_at_ = std::max(free_at_, now) + interval_;
    return wait;
  }

 private:
  TimeDelta interval_;
  TimeDelta slack_;
  Timestamp free_at_;  // when the bucket is full again
};

}  // namespace confab::discovery
