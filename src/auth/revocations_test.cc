#include "auth/revocations.h"

#include <gtest/gtest.h>

#include "auth/testing/times.h"

namespace confab::auth {
namespace {

using testing::kNow;

TEST(Revocations, EndWhenTheTokenWouldHaveExpired) {
  Revocations revocations;
  revocations.Add("a", kNow + 10, kNow);
  EXPECT_TRUE(revocations.Has("a", kNow + 9));
  EXPECT_FALSE(revocations.Has("a", kNow + 10));
  EXPECT_FALSE(revocations.Has("b", kNow));
  revocations.Add("b", kNow + 20, kNow + 10);
  EXPECT_EQ(revocations.size(), 1u) << "what is over is forgotten";
}

TEST(Revocations, LastAsLongAsTheLongestOfASubject) {
  Revocations revocations;
  revocations.Add("a", kNow + 10, kNow);
  revocations.Add("a", kNow + 30, kNow);
  revocations.Add("a", kNow + 20, kNow);
  EXPECT_TRUE(revocations.Has("a", kNow + 29));
  EXPECT_EQ(revocations.size(), 1u);
}

TEST(Revocations, ForgetTheOneThatEndsFirstAtTheLimit) {
  Revocations revocations(2);
  revocations.Add("late", kNow + 30, kNow);
  revocations.Add("early", kNow + 10, kNow);
  revocations.Add("next", kNow + 20, kNow);
  EXPECT_EQ(revocations.size(), 2u);
  EXPECT_FALSE(revocations.Has("early", kNow));
  EXPECT_TRUE(revocations.Has("late", kNow));
  EXPECT_TRUE(revocations.Has("next", kNow));
}

}  // namespace
}  // namespace confab::auth
