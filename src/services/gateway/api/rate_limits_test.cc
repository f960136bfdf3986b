#include "services/gateway/api/rate_limits.h"

#include <gtest/gtest.h>

namespace confab::gateway {
namespace {

const Timestamp kNow = Timestamp::Millis(1'000'000);

TEST(RateLimits, CountsEachNameForItself) {
  RateLimits limits({.per_second = 1, .burst = 2});
  EXPECT_FALSE(limits.Take("a", kNow));
  EXPECT_FALSE(limits.Take("a", kNow));
  EXPECT_TRUE(limits.Take("a", kNow));
  EXPECT_FALSE(limits.Take("b", kNow));
}

TEST(RateLimits, SaysHowLongToWait) {
  RateLimits limits({.per_second = 2, .burst = 1});
  EXPECT_FALSE(limits.Take("a", kNow));
  const auto wait = limits.Take("a", kNow);
  ASSERT_TRUE(wait);
  EXPECT_LE(*wait, TimeDelta::Millis(501));
  EXPECT_FALSE(limits.Take("a", kNow + *wait));
}

TEST(RateLimits, ForgetsWhoWasQuietForLongest) {
  RateLimits limits({.per_second = 1, .burst = 1, .max_names = 2});
  EXPECT_FALSE(limits.Take("a", kNow));
  EXPECT_FALSE(limits.Take("b", kNow));
  EXPECT_TRUE(limits.Take("a", kNow));  // "a" spoke last
  EXPECT_FALSE(limits.Take("c", kNow));
  EXPECT_EQ(limits.size(), 2u);
  EXPECT_TRUE(limits.Take("a", kNow));
  EXPECT_FALSE(limits.Take("b", kNow)) << "it was forgotten";
}

}  // namespace
}  // namespace confab::gateway
