#include "services/signaling/call/report_budget.h"

#include <gtest/gtest.h>

namespace confab::signaling {
namespace {

constexpr Timestamp kReportedAt = Timestamp::Millis(1000);

TEST(ReportBudget, LetsOneReportInFiveSecondsAfterTheBurst) {
  ReportBudget budget;
  for (int i = 0; i < ReportBudget::kReportBurst; ++i) EXPECT_FALSE(budget.TakeReport(kReportedAt));
  const auto wait = budget.TakeReport(kReportedAt);
  ASSERT_TRUE(wait);
  EXPECT_GE(*wait, ReportBudget::kReportInterval);
  EXPECT_FALSE(budget.TakeReport(kReportedAt + *wait));
}

TEST(ReportBudget, CountsFailuresApart) {
  ReportBudget budget;
  for (int i = 0; i < 10; ++i) budget.TakeReport(kReportedAt);
  for (int i = 0; i < ReportBudget::kFailureBurst; ++i)
    EXPECT_FALSE(budget.TakeFailure(kReportedAt));
  const auto wait = budget.TakeFailure(kReportedAt);
  ASSERT_TRUE(wait);
  EXPECT_LE(*wait, TimeDelta::Seconds(1) + TimeDelta::Millis(1));
  EXPECT_FALSE(budget.TakeFailure(kReportedAt + *wait));
}

}  // namespace
}  // namespace confab::signaling
