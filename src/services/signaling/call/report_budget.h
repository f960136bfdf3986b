#pragma once

#include <cstdint>
#include <optional>

#include "base/token_bucket.h"
#include "base/units.h"

namespace confab::signaling {

// How often one connection may tell what its page sees: each report is a line of the log. A value
// in its session.
class ReportBudget {
 public:
  static constexpr TimeDelta kReportInterval = TimeDelta::Seconds(5);
  static constexpr int64_t kReportBurst = 4;
  static constexpr int64_t kFailuresPerSecond = 1;
  static constexpr int64_t kFailureBurst = 8;

  // Where there is room for none: how long until there is.
  std::optional<TimeDelta> TakeReport(Timestamp now) { return reports_.Take(now); }
  std::optional<TimeDelta> TakeFailure(Timestamp now) { return failures_.Take(now); }

 private:
  TokenBucket reports_{1, kReportInterval, kReportBurst};
  TokenBucket failures_{kFailuresPerSecond, kFailureBurst};
};

}  // namespace confab::signaling
