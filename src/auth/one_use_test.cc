#include "auth/one_use.h"

#include <gtest/gtest.h>

#include "auth/testing/times.h"

namespace confab::auth {
namespace {

using testing::kNow;

constexpr TimeDelta kSkew = TimeDelta::Seconds(30);

TEST(OneUse, TellsTheFirstUseFromTheSecond) {
  OneUse used(kSkew);
  EXPECT_EQ(used.Take("a", kNow + 60, kNow), OneUse::Use::kFirst);
  EXPECT_EQ(used.Take("a", kNow + 60, kNow), OneUse::Use::kAgain);
  EXPECT_EQ(used.Take("b", kNow + 60, kNow), OneUse::Use::kFirst);
}

TEST(OneUse, RemembersAsLongAsTheTokenIsAccepted) {
  OneUse used(kSkew);
  used.Take("a", kNow + 60, kNow);
  EXPECT_EQ(used.Take("a", kNow + 60, kNow + 60 + 29), OneUse::Use::kAgain);
  EXPECT_EQ(used.size(), 1u);
  used.Take("b", kNow + 1000, kNow + 60 + 30);
  EXPECT_EQ(used.size(), 1u) << "a is forgotten";
}

TEST(OneUse, LetsAReleasedTokenBeUsedOnceMore) {
  OneUse used(kSkew);
  used.Take("a", kNow + 60, kNow);
  used.Release("a");
  used.Release("unknown");
  EXPECT_EQ(used.size(), 0u);
  EXPECT_EQ(used.Take("a", kNow + 60, kNow), OneUse::Use::kFirst);
  EXPECT_EQ(used.Take("a", kNow + 60, kNow), OneUse::Use::kAgain);
}

TEST(OneUse, RefusesNewOnesWhenFullAndForgetsNone) {
  OneUse used(kSkew, 2);
  used.Take("a", kNow + 60, kNow);
  used.Take("b", kNow + 120, kNow);
  EXPECT_EQ(used.Take("c", kNow + 60, kNow), OneUse::Use::kFull);
  EXPECT_EQ(used.Take("a", kNow + 60, kNow), OneUse::Use::kAgain);
  EXPECT_EQ(used.Take("b", kNow + 120, kNow), OneUse::Use::kAgain);
  EXPECT_EQ(used.Take("c", kNow + 200, kNow + 90), OneUse::Use::kFirst) << "a has expired";
}

TEST(OneUse, StaysBoundedWhileOneTokenIsTakenAndReleased) {
  OneUse used(kSkew, 2);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(used.Take("a", kNow + 60, kNow), OneUse::Use::kFirst);
    used.Release("a");
  }
  EXPECT_EQ(used.size(), 0u);
}

}  // namespace
}  // namespace confab::auth
