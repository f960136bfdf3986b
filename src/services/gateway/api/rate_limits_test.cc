#include "services/gateway/api/rate_limits.h"

#include <gtest/gtest.h>

namespace confab::gateway {
namespace {

const Timestamp kTakenAt = Timestamp::Millis(1'000'000);

TEST(RateLimits, CountsEachNameForItself) {
  RateLimits limits({.per_second = 1, .burst = 2});
  EXPECT_FALSE(limits.Take("a", kTakenAt));
  EXPECT_FALSE(limits.Take("a", kTakenAt));
  EXPECT_TRUE(limits.Take("a", kTakenAt));
  EXPECT_FALSE(limits.Take("b", kTakenAt));
}

TEST(RateLimits, SaysHowLongToWait) {
  RateLimits limits({.per_second = 2, .burst = 1});
  EXPECT_FALSE(limits.Take("a", kTakenAt));
  const auto wait = limits.Take("a", kTakenAt);
  ASSERT_TRUE(wait);
  EXPECT_LE(*wait, TimeDelta::Millis(501));
  EXPECT_FALSE(limits.Take("a", kTakenAt + *wait));
}

TEST(RateLimits, ForgetsWhoWasQuietForLongest) {
  RateLimits limits({.per_second = 1, .burst = 1, .max_names = 2});
  EXPECT_FALSE(limits.Take("a", kTakenAt));
  EXPECT_FALSE(limits.Take("b", kTakenAt));
  EXPECT_TRUE(limits.Take("a", kTakenAt));  // "a" spoke last
  EXPECT_FALSE(limits.Take("c", kTakenAt));
  EXPECT_EQ(limits.size(), 2u);
  EXPECT_TRUE(limits.Take("a", kTakenAt));
  EXPECT_FALSE(limits.Take("b", kTakenAt)) << "it was forgotten";
}

}  // namespace
}  // namespace confab::gateway
