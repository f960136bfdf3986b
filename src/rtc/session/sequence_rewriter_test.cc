#include "rtc/session/sequence_rewriter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "base/random.h"

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

TEST(SequenceRewriter, FillsAGapFromBeforeWhatIsSkipped) {
  SequenceRewriter rewriter(0);
  EXPECT_EQ(rewriter.Map(10), 0);
  rewriter.Skip(12);
  rewriter.Skip(13);
  EXPECT_EQ(rewriter.Map(14), 2) << "11 is late, 12 and 13 were left out";
  EXPECT_EQ(rewriter.Map(11), 1);
}

TEST(SequenceRewriter, LeavesNoGapForWhatIsSkippedInAnotherOrder) {
  SequenceRewriter rewriter(0);
  EXPECT_EQ(rewriter.Map(10), 0);
  rewriter.Skip(13);
  rewriter.Skip(12);
  EXPECT_EQ(rewriter.Map(14), 2);
  EXPECT_EQ(rewriter.Map(11), 1);
}

TEST(SequenceRewriter, LeavesTheGapOfWhatIsSkippedTooLate) {
  SequenceRewriter rewriter(0);
  EXPECT_EQ(rewriter.Map(10), 0);
  rewriter.Skip(13);
  EXPECT_EQ(rewriter.Map(14), 3);
  rewriter.Skip(12);
  EXPECT_EQ(rewriter.Map(15), 4);
}

TEST(SequenceRewriter, RefusesALatePacketFromBeforeTwoChanges) {
  SequenceRewriter rewriter(0);
  EXPECT_EQ(rewriter.Map(10), 0);
  rewriter.Skip(12);
  EXPECT_EQ(rewriter.Map(14), 3) << "11 and 13 are late";
  rewriter.Skip(15);
  EXPECT_EQ(rewriter.Map(16), 4);
  EXPECT_EQ(rewriter.Map(13), 2);
  EXPECT_EQ(rewriter.Map(11), std::nullopt);
}

TEST(SequenceRewriter, KeepsTheOrderAndRepeatsNoNumberInWhateverOrderPacketsCome) {
  Prng random(5);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::pair<int64_t, int64_t>> arrivals;  // when, which
    const uint64_t spread = 1 + random.Below(16);
    for (int64_t source = 0; source < 60; ++source) {
      arrivals.emplace_back(source + static_cast<int64_t>(random.Below(spread)), source);
    }
    std::ranges::sort(arrivals);
    SequenceRewriter rewriter(100);
    std::map<int64_t, int64_t> numbers;
    for (const auto& [when, source] : arrivals) {
      if (random.Below(3) == 0) {
        rewriter.Skip(source);
      } else if (const auto number = rewriter.Map(source)) {
        numbers.emplace(source, *number);
      }
    }
    for (auto it = numbers.begin(); std::next(it) != numbers.end(); ++it) {
      ASSERT_LT(it->second, std::next(it)->second)
          << "round " << round << ", source " << it->first << " and the one after";
    }
  }
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
