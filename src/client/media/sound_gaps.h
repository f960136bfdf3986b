#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/units.h"

namespace confab::client {

// When somebody heard nobody: the times between two packets of sound, whoever sent them, that are
// longer than networks and schedulers make them. One thread.
class SoundGaps {
 public:
  static constexpr TimeDelta kShortest = TimeDelta::Millis(200);
  // Beyond, gaps are not kept.
  static constexpr size_t kMost = 1000;

  // A packet of sound has come.
  void Heard(Timestamp now) {
    const bool is_gap = last_ && now - *last_ > kShortest && gaps_.size() < kMost;
    if (is_gap) gaps_.push_back(now - *last_);
    last_ = now;
  }
  // Those that are over, in their order.
  const std::vector<TimeDelta>& gaps() const { return gaps_; }

 private:
  std::optional<Timestamp> last_;
  std::vector<TimeDelta> gaps_;
};

}  // namespace confab::client
