#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/units.h"

namespace confab {

// How often a span of time fell into which range: what a Prometheus histogram tells. A value
// without locks or atomics: whoever measures has it alone, and gives copies to whoever shows it.
class BucketCounts {
 public:
  static constexpr size_t kMaxBounds = 15;

  // The upper ends of the ranges, rising; what they lie in must outlive all copies. Of more than
  // kMaxBounds the first are taken. A last range without an end comes by itself.
  explicit constexpr BucketCounts(std::span<const TimeDelta> bounds)
      : bounds_(bounds.first(std::min(bounds.size(), kMaxBounds))) {}

  // What is negative, since clocks step, counts as nothing.
  void Observe(TimeDelta value) {
    value = std::max(value, TimeDelta());
    size_t range = 0;
    while (range < bounds_.size() && value > bounds_[range]) ++range;
    ++counts_[range];
    sum_ += value;
  }

  // Of the same bounds.
  BucketCounts& operator+=(const BucketCounts& other) {
    for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    sum_ += other.sum_;
    return *this;
  }

  std::span<const TimeDelta> bounds() const { return bounds_; }
  // Of the range that ends at bounds()[range], or of the last one.
  uint64_t count(size_t range) const { return counts_[range]; }
  uint64_t total() const {
    uint64_t total = 0;
    for (const uint64_t count : counts_) total += count;
    return total;
  }
  TimeDelta sum() const { return sum_; }

 private:
  std::span<const TimeDelta> bounds_;
  std::array<uint64_t, kMaxBounds + 1> counts_{};
  TimeDelta sum_;
};

// Of what happens within a process: a turn of a loop, the way of a packet.
inline constexpr std::array kShortTimes{
    TimeDelta::Micros(50), TimeDelta::Micros(100), TimeDelta::Micros(200), TimeDelta::Micros(500),
    TimeDelta::Millis(1),  TimeDelta::Millis(2),   TimeDelta::Millis(5),   TimeDelta::Millis(10),
    TimeDelta::Millis(20), TimeDelta::Millis(50),  TimeDelta::Millis(100), TimeDelta::Millis(500)};

// Of what needs another process or a network: calls, joins.
inline constexpr std::array kCallTimes{
    TimeDelta::Micros(500), TimeDelta::Millis(1),   TimeDelta::Millis(2),  TimeDelta::Millis(5),
    TimeDelta::Millis(10),  TimeDelta::Millis(25),  TimeDelta::Millis(50), TimeDelta::Millis(100),
    TimeDelta::Millis(250), TimeDelta::Millis(500), TimeDelta::Seconds(1), TimeDelta::Millis(2500),
    TimeDelta::Seconds(5),  TimeDelta::Seconds(10)};

}  // namespace confab
