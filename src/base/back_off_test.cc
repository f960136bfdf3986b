#include "base/back_off.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(BackOff, DoublesUpToItsMostAndVariesBetweenHalfAndAll) {
  Prng random(1);
  BackOff back_off(TimeDelta::Millis(100), TimeDelta::Millis(350));
  for (const int64_t full_ms : {100, 200, 350, 350}) {
    const TimeDelta next = back_off.Next(random);
    EXPECT_GE(next, TimeDelta::Millis(full_ms) / 2);
    EXPECT_LE(next, TimeDelta::Millis(full_ms));
  }
  back_off.Reset();
  EXPECT_LE(back_off.Next(random), TimeDelta::Millis(100));
}

TEST(BackOff, DoesNotGiveTwoTheSame) {
  Prng one(1), other(2);
  BackOff first(TimeDelta::Seconds(1), TimeDelta::Seconds(1));
  BackOff second(TimeDelta::Seconds(1), TimeDelta::Seconds(1));
  EXPECT_NE(first.Next(one), second.Next(other));
}

}  // namespace
}  // namespace confab
