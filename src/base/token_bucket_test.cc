#include "base/token_bucket.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(5);

TEST(TokenBucket, LetsTheBurstThroughAndTellsWhenTheNextMayCome) {
  TokenBucket bucket(100, 200);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(bucket.Take(kStart), std::nullopt);
  const auto wait = bucket.Take(kStart);
  ASSERT_TRUE(wait.has_value());
  EXPECT_GE(*wait, TimeDelta::Millis(10));
  EXPECT_NE(bucket.Take(kStart + TimeDelta::Millis(9)), std::nullopt);
  EXPECT_EQ(bucket.Take(kStart + TimeDelta::Millis(11)), std::nullopt);
}

TEST(TokenBucket, HoldsNoMoreThanTheBurstAfterALongRest) {
  TokenBucket bucket(100, 3);
  const Timestamp later = kStart + TimeDelta::Seconds(1'000'000);
  EXPECT_EQ(bucket.Take(kStart), std::nullopt);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(later), std::nullopt);
  EXPECT_NE(bucket.Take(later), std::nullopt);
}

TEST(TokenBucket, GivesTheRateInTheLongRun) {
  TokenBucket bucket(100, 10);
  int taken = 0;
  for (int ms = 0; ms < 10'000; ++ms) {
    if (!bucket.Take(kStart + TimeDelta::Millis(ms))) ++taken;
  }
  EXPECT_GE(taken, 1000);
  EXPECT_LE(taken, 1010);
}

TEST(TokenBucket, GivesLessThanOneASecondToo) {
  TokenBucket bucket(1, TimeDelta::Seconds(5), 2);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(bucket.Take(kStart), std::nullopt);
  const auto wait = bucket.Take(kStart + TimeDelta::Seconds(2));
  ASSERT_TRUE(wait.has_value());
  EXPECT_GE(*wait, TimeDelta::Seconds(3));
  EXPECT_LE(*wait, TimeDelta::Seconds(3) + TimeDelta::Millis(1));
  EXPECT_EQ(bucket.Take(kStart + TimeDelta::Seconds(2) + *wait), std::nullopt);
}

}  // namespace
}  // namespace confab
