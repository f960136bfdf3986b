#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/units.h"

namespace confab::bench {

// How long sampled packets took from one end's socket to the other's.
class TransitTimes {
 public:
  void Add(TimeDelta time) { samples_.push_back(time.us()); }
  void Append(const TransitTimes& other) {
    samples_.insert(samples_.end(), other.samples_.begin(), other.samples_.end());
  }
  size_t count() const { return samples_.size(); }
  // In microseconds; 0 without samples. `share` in 0…1.
  int64_t Quantile(double share) {
    if (samples_.empty()) return 0;
    const auto rank = static_cast<size_t>(share * static_cast<double>(samples_.size() - 1));
    std::ranges::nth_element(samples_, samples_.begin() + static_cast<ptrdiff_t>(rank));
    return samples_[rank];
  }

 private:
  std::vector<int64_t> samples_;
};

}  // namespace confab::bench
