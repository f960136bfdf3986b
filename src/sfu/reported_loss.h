#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "rtc/rtcp/report_block.h"
#include "sfu/media_counters.h"

namespace confab::sfu {

// Makes of one receiver's reports on one stream, which tell sums since its beginning, what is new
// in each. A value; belongs to the consumer.
class ReportedLoss {
 public:
  // More than a stream has in the longest time between two reports: such a step is a new beginning,
  // or no honest report.
  static constexpr uint32_t kMaxStep = 100'000;

  LossCounts Take(const rtc::ReportBlock& block) {
    LossCounts news;
    if (last_) {
      // Wraps as the numbers do; a report that others overtook seems to be far ahead.
      const uint32_t step = block.extended_highest_sequence - last_->extended_highest_sequence;
      if (step > kMaxStep) return Restart(block);
      const int64_t lost = int64_t{block.cumulative_lost} - last_->cumulative_lost;
      news.expected = step;
      news.lost = static_cast<uint64_t>(std::clamp<int64_t>(lost, 0, step));
    }
    last_ = block;
    return news;
  }

 private:
  LossCounts Restart(const rtc::ReportBlock& block) {
    last_ = block;
    return {};
  }

  std::optional<rtc::ReportBlock> last_;
};

}  // namespace confab::sfu
