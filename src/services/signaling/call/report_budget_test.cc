#include "services/signaling/call/report_budget.h"

#include <gtest/gtest.h>

namespace confab::signaling {
namespace {

constexpr Timestamp kNow = Timestamp::Millis(1000);

TEST(ReportBudget, LetsOneReportInFiveSecondsAfterTheBurst) {
  ReportBudget budget;
  for (int i = 0; i < ReportBudget::kReportBurst; ++i) EXPECT_FALSE(budget.TakeReport(kNow));
  const auto wait = budget.TakeReport(kNow);
  ASSERT_TRUE(wait);
  EXPECT_GE(*wait, ReportBudget::kReportInterval);
  EXPECT_FALSE(budget.TakeReport(kNow + *wait));
}

TEST(ReportBudget, CountsFailuresApart) {
  ReportBudget budget;
  for (int i = 0; i < 10; ++i) budget.TakeReport(kNow);
  for (int i = 0; i < ReportBudget::kFailureBurst; ++i) EXPECT_FALSE(budget.TakeFailure(kNow));
  const auto wait = budget.TakeFailure(kNow);
  ASSERT_TRUE(wait);
  EXPECT_LE(*wait, TimeDelta::Seconds(1) + TimeDelta::Millis(1));
  EXPECT_FALSE(budget.TakeFailure(kNow + *wait));
}

}  // namespace
}  // namespace confab::signaling
