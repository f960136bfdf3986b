#include "base/bucket_counts.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

constexpr std::array kBounds{TimeDelta::Millis(1), TimeDelta::Millis(10)};

TEST(BucketCounts, CountsWhatIsAtABoundBelowIt) {
  BucketCounts counts(kBounds);
  counts.Observe(TimeDelta::Millis(1));
  counts.Observe(TimeDelta::Micros(1001));
  counts.Observe(TimeDelta::Millis(10));
  counts.Observe(TimeDelta::Seconds(1));
  EXPECT_EQ(counts.count(0), 1u);
  EXPECT_EQ(counts.count(1), 2u);
  EXPECT_EQ(counts.count(2), 1u);
  EXPECT_EQ(counts.total(), 4u);
  EXPECT_EQ(counts.sum(), TimeDelta::Micros(1'012'001));
}

TEST(BucketCounts, TakesANegativeSpanForNone) {
  BucketCounts counts(kBounds);
  counts.Observe(TimeDelta::Seconds(-5));
  EXPECT_EQ(counts.count(0), 1u);
  EXPECT_EQ(counts.sum(), TimeDelta());
}

TEST(BucketCounts, AddsUp) {
  BucketCounts one(kBounds);
  BucketCounts other(kBounds);
  one.Observe(TimeDelta::Millis(1));
  other.Observe(TimeDelta::Millis(1));
  other.Observe(TimeDelta::Millis(2));
  one += other;
  EXPECT_EQ(one.count(0), 2u);
  EXPECT_EQ(one.count(1), 1u);
  EXPECT_EQ(one.sum(), TimeDelta::Millis(4));
}

TEST(BucketCounts, HasRisingBoundsOfEachKind) {
  for (const std::span<const TimeDelta> bounds :
       {std::span<const TimeDelta>(kShortTimes), std::span<const TimeDelta>(kCallTimes)}) {
    EXPECT_TRUE(std::ranges::is_sorted(bounds));
    EXPECT_EQ(BucketCounts(bounds).bounds().size(), bounds.size()) << "more than it takes";
  }
}

}  // namespace
}  // namespace confab
