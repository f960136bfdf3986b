#include <gtest/gtest.h>

#include "backends/discovery/consul/blocking_index.h"
#include "backends/discovery/consul/rate_limit.h"

namespace confab::discovery {
namespace {

TEST(BlockingIndex, BeginsWithoutWaiting) {
  EXPECT_EQ(BlockingIndex().value(), 0u);
}

TEST(BlockingIndex, FollowsWhatIsAnswered) {
  BlockingIndex index;
  index.Take(7);
  EXPECT_EQ(index.value(), 7u);
  index.Take(7);
  EXPECT_EQ(index.value(), 7u);
  index.Take(9);
  EXPECT_EQ(index.value(), 9u);
}

TEST(BlockingIndex, BeginsAnewWhenItGoesBack) {
  BlockingIndex index;
  index.Take(9);
  index.Take(8);
  EXPECT_EQ(index.value(), 0u);
  index.Take(8);
  EXPECT_EQ(index.value(), 8u);
}

TEST(BlockingIndex, IsNeverZeroAfterAnAnswer) {
  BlockingIndex index;
  index.Take(0);
  EXPECT_EQ(index.value(), 1u);
  BlockingIndex without;
  without.Take({});
  EXPECT_EQ(without.value(), 1u);
}

TEST(BlockingIndex, BeginsAnewAfterAFailure) {
  BlockingIndex index;
  index.Take(9);
  index.Forget();
  EXPECT_EQ(index.value(), 0u);
}

TEST(RateLimit, LetsABurstPassAndThenOneInEachInterval) {
  RateLimit limit(2, TimeDelta::Seconds(1));
  Timestamp now = Timestamp::Millis(50'000);
  EXPECT_EQ(limit.Take(now), TimeDelta());
  EXPECT_EQ(limit.Take(now), TimeDelta());
  EXPECT_EQ(limit.Take(now), TimeDelta::Seconds(1));
  now = now + TimeDelta::Seconds(1);
  EXPECT_EQ(limit.Take(now), TimeDelta::Seconds(1));
}

TEST(RateLimit, HasItsBurstAgainAfterAQuietTime) {
  RateLimit limit(2, TimeDelta::Seconds(1));
  Timestamp now = Timestamp::Millis(50'000);
  for (int i = 0; i < 3; ++i) limit.Take(now);
  now = now + TimeDelta::Seconds(60);
  EXPECT_EQ(limit.Take(now), TimeDelta());
  EXPECT_EQ(limit.Take(now), TimeDelta());
  EXPECT_EQ(limit.Take(now), TimeDelta::Seconds(1));
}

}  // namespace
}  // namespace confab::discovery
