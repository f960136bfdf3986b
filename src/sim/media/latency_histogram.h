#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/units.h"

namespace confab::sim {

// How long things took, in steps of a millisecond; what is longer than the range counts in the last.
class LatencyHistogram {
 public:
  static constexpr size_t kSteps = 4096;

  void Add(TimeDelta latency) {
    const auto ms = static_cast<size_t>(std::max<int64_t>(0, latency.ms()));
    ++counts_[std::min(ms, kSteps - 1)];
    ++total_;
  }
  uint64_t total() const { return total_; }
  // The smallest whole number of milliseconds that `per_mille` of all do not exceed; 0 without any.
  uint32_t PercentileMs(uint32_t per_mille) const {
    uint64_t seen = 0;
    const uint64_t wanted = (total_ * per_mille + 999) / 1000;
    for (size_t ms = 0; ms < kSteps; ++ms) {
      seen += counts_[ms];
      if (seen >= wanted && seen > 0) return static_cast<uint32_t>(ms);
    }
    return 0;
  }
  LatencyHistogram& operator+=(const LatencyHistogram& other) {
    for (size_t ms = 0; ms < kSteps; ++ms) counts_[ms] += other.counts_[ms];
    total_ += other.total_;
    return *this;
  }

 private:
  std::array<uint32_t, kSteps> counts_{};
  uint64_t total_ = 0;
};

}  // namespace confab::sim
