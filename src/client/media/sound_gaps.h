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
    if (is_over_) return;
    KeepGapUntil(now);
    last_ = now;
  }
  // Nobody listens any more: a gap that still lasts counts as it is, and nothing after it.
  void End(Timestamp now) {
    if (!is_over_) KeepGapUntil(now);
    is_over_ = true;
  }
  // When somebody was heard for the last time; nullopt: nobody ever was.
  const std::optional<Timestamp>& last() const { return last_; }
  // In their order; one that lasts only after End.
  const std::vector<TimeDelta>& gaps() const { return gaps_; }

 private:
  void KeepGapUntil(Timestamp now) {
    const bool is_gap = last_ && now - *last_ > kShortest && gaps_.size() < kMost;
    if (is_gap) gaps_.push_back(now - *last_);
  }

  std::optional<Timestamp> last_;
  std::vector<TimeDelta> gaps_;
  bool is_over_ = false;
};

}  // namespace confab::client
