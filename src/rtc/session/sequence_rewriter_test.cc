#include "rtc/session/sequence_rewriter.h"

#include <gtest/gtest.h>

namespace confab::rtc {
namespace {

TEST(SequenceRewriter, StartsAtItsFirstNumberWhateverTheSource) {
  SequenceRewriter rewriter(100);
  EXPECT_EQ(rewriter.Map(70'000), 100);
  EXPECT_EQ(rewriter.Map(70'001), 101);
}

TEST(SequenceRewriter, LeavesNoGapForWhatIsSkipped) {
  SequenceRewriter rewriter(0);
  EXPECT_EQ(rewriter.Map(10), 0);
  rewriter.Skip(11);
  rewriter.Skip(12);
  EXPECT_EQ(rewriter.Map(13), 1);
  EXPECT_EQ(rewriter.Map(14), 2);
}

TEST(SequenceRewriter, KeepsTheGapOfWhatWasLostBeforeTheServer) {
  SequenceRewriter rewriter(0);
  EXPECT_EQ(rewriter.Map(10), 0);
  EXPECT_EQ(rewriter.Map(13), 3);
  EXPECT_EQ(rewriter.Map(12), 2) << "a late packet takes the number that waited for it";
}

TEST(SequenceRewriter, RefusesALatePacketWhoseNumberHasGone) {
  SequenceRewriter rewriter(0);
  EXPECT_EQ(rewriter.Map(10), 0);
  rewriter.Skip(12);
  EXPECT_EQ(rewriter.Map(13), 2) << "11 is lost, 12 was left out";
  EXPECT_EQ(rewriter.Map(11), std::nullopt);
}

TEST(SequenceRewriter, GoesOnByOneWithANewSource) {
  SequenceRewriter rewriter(5);
  EXPECT_EQ(rewriter.Map(10), 5);
  rewriter.Rebase();
  EXPECT_EQ(rewriter.Map(90'000), 6);
  EXPECT_EQ(rewriter.Map(89'999), std::nullopt) << "older than the switch";
}

}  // namespace
}  // namespace confab::rtc
