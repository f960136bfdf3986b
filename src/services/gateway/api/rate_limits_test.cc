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

std::string NameOf(const char* ip) {
  return NameOfAddress(*SocketAddress::Parse(ip, 5000));
}

TEST(RateLimits, CountAnAddressOfIpv6WithItsNeighbours) {
  EXPECT_EQ(NameOf("2001:db8:1:2::7"), NameOf("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(NameOf("2001:db8:1:2::7"), NameOf("2001:db8:1:3::7"));
}

TEST(RateLimits, CountEachAddressOfIpv4ForItself) {
  EXPECT_NE(NameOf("192.0.2.7"), NameOf("192.0.2.8"));
  EXPECT_EQ(NameOf("::ffff:192.0.2.7"), NameOf("192.0.2.7"));
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
