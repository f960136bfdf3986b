#include "sfu/reported_loss.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

LossCounts Take(ReportedLoss& loss, uint32_t highest, int32_t lost) {
  return loss.Take({.cumulative_lost = lost, .extended_highest_sequence = highest});
}

TEST(ReportedLoss, BeginsWithTheFirstReport) {
  ReportedLoss loss;
  const LossCounts first = Take(loss, 5000, 40);
  EXPECT_EQ(first.expected, 0u);
  EXPECT_EQ(first.lost, 0u);
}

TEST(ReportedLoss, TellsWhatIsNew) {
  ReportedLoss loss;
  Take(loss, 1000, 10);
  const LossCounts news = Take(loss, 1100, 14);
  EXPECT_EQ(news.expected, 100u);
  EXPECT_EQ(news.lost, 4u);
}

TEST(ReportedLoss, CountsWhatCameLateAsNotLostAnew) {
  ReportedLoss loss;
  Take(loss, 1000, 10);
  EXPECT_EQ(Take(loss, 1100, 5).lost, 0u);
  EXPECT_EQ(Take(loss, 1200, 7).lost, 2u);
}

TEST(ReportedLoss, FollowsTheNumbersThroughTheirWrap) {
  ReportedLoss loss;
  Take(loss, 0xFFFF'FFF0, 0);
  EXPECT_EQ(Take(loss, 0x10, 1).expected, 0x20u);
}

TEST(ReportedLoss, BelievesNoMoreLossThanThereWerePackets) {
  ReportedLoss loss;
  Take(loss, 1000, 0);
  EXPECT_EQ(Take(loss, 1010, 1'000'000).lost, 10u);
}

TEST(ReportedLoss, TakesAJumpForANewBeginning) {
  ReportedLoss loss;
  Take(loss, 1000, 0);
  EXPECT_EQ(Take(loss, 500, 0).expected, 0u) << "an older report";
  EXPECT_EQ(Take(loss, 600, 0).expected, 100u);
  EXPECT_EQ(Take(loss, 601 + ReportedLoss::kMaxStep, 0).expected, 0u);
}

}  // namespace
}  // namespace confab::sfu
