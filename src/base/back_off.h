#pragma once

#include <algorithm>

#include "base/random.h"
#include "base/units.h"

namespace confab {

// How long to wait after failures: doubled with each, up to the most, and of that a random part
// between half and all, so that many do not come back at the same moment. A value.
class BackOff {
 public:
  BackOff(TimeDelta first, TimeDelta most) : first_(first), most_(most), next_(first) {}

  TimeDelta Next(RandomSource& random) {
    const int64_t half_us = next_.us() / 2;
    const auto part_us = static_cast<int64_t>(random.U64() % static_cast<uint64_t>(half_us + 1));
    next_ = std::min(next_ * 2, most_);
    return TimeDelta::Micros(half_us + part_us);
  }
  // After a success.
  void Reset() { next_ = first_; }

 private:
  TimeDelta first_;
  TimeDelta most_;
  TimeDelta next_;
};

}  // namespace confab
