#include "sfu/keyframe_requester.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

TEST(KeyframeRequester, TurnsAThousandWishesInASecondIntoFourRequests) {
  KeyframeRequester requester;
  int sent = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    sent += requester.Request(Timestamp::Millis(ms)) ? 1 : 0;
    if (ms % 300 == 50) requester.OnKeyframe();
  }
  EXPECT_EQ(sent, 4);
}

TEST(KeyframeRequester, AsksAgainWhenNoKeyframeComesAndGivesUpInTheEnd) {
  KeyframeRequester requester;
  EXPECT_TRUE(requester.Request(Timestamp::Millis(0)));
  int repeats = 0;
  for (int ms = 1; ms < 10'000; ++ms) {
    repeats += requester.HandleTimeout(Timestamp::Millis(ms)) ? 1 : 0;
  }
  EXPECT_EQ(repeats, KeyframeRequester::kMaxRepeats);
  EXPECT_TRUE(requester.NextTimeout().is_never());
}

TEST(KeyframeRequester, IsQuietOnceTheKeyframeIsThere) {
  KeyframeRequester requester;
  EXPECT_TRUE(requester.Request(Timestamp::Millis(0)));
  requester.OnKeyframe();
  EXPECT_TRUE(requester.NextTimeout().is_never());
  EXPECT_FALSE(requester.HandleTimeout(Timestamp::Millis(300)));
}

TEST(KeyframeRequester, KeepsAWishThatComesTooSoonAfterARequest) {
  KeyframeRequester requester;
  EXPECT_TRUE(requester.Request(Timestamp::Millis(0)));
  requester.OnKeyframe();
  EXPECT_FALSE(requester.Request(Timestamp::Millis(100)));
  EXPECT_EQ(requester.NextTimeout(), Timestamp::Millis(300));
  EXPECT_TRUE(requester.HandleTimeout(Timestamp::Millis(300)));
}

}  // namespace
}  // namespace confab::sfu
