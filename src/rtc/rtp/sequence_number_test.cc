#include "rtc/rtp/sequence_number.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace confab::rtc {
namespace {

TEST(SequenceNumber, KnowsTheNewerAcrossTheWrap) {
  EXPECT_TRUE(IsNewerSequence<uint16_t>(1, 0));
  EXPECT_TRUE(IsNewerSequence<uint16_t>(0, 65535));
  EXPECT_FALSE(IsNewerSequence<uint16_t>(65535, 0));
  EXPECT_FALSE(IsNewerSequence<uint16_t>(7, 7));
  EXPECT_TRUE(IsNewerSequence<uint32_t>(5, 0xffff'fff0));
}

TEST(SequenceNumber, DecidesTheOppositePointOneWay) {
  EXPECT_TRUE(IsNewerSequence<uint16_t>(0x8000, 0));
  EXPECT_FALSE(IsNewerSequence<uint16_t>(0, 0x8000));
}

TEST(SequenceNumber, MeasuresTheShorterWay) {
  EXPECT_EQ((SequenceDistance<uint16_t>(65535, 2)), 3);
  EXPECT_EQ((SequenceDistance<uint16_t>(2, 65535)), -3);
  EXPECT_EQ((SequenceDistance<uint32_t>(0xffff'ffff, 0)), 1);
}

TEST(SequenceUnwrapper, GoesOnThroughTheWrapBothWays) {
  SequenceUnwrapper<uint16_t> unwrapper;
  EXPECT_EQ(unwrapper.Unwrap(65534), 65534);
  EXPECT_EQ(unwrapper.Unwrap(1), 65537);
  EXPECT_EQ(unwrapper.Peek(65535), 65535);
  EXPECT_EQ(unwrapper.Unwrap(65533), 65533);
  EXPECT_EQ(unwrapper.Unwrap(2), 65538);
}

TEST(SequenceUnwrapper, GoesBelowZeroAfterEarlyReordering) {
  SequenceUnwrapper<uint16_t> unwrapper;
  EXPECT_EQ(unwrapper.Unwrap(1), 1);
  EXPECT_EQ(unwrapper.Unwrap(65535), -1);
  EXPECT_EQ(unwrapper.Unwrap(0), 0);
}

template <typename T>
void FollowRandomWalk() {
  Prng random(1);
  SequenceUnwrapper<T> unwrapper;
  int64_t position = 5;
  unwrapper.Unwrap(static_cast<T>(position));
  constexpr int64_t kReach = int64_t{1} << (sizeof(T) * 8 - 2);
  for (int i = 0; i < 10'000; ++i) {
    position += static_cast<int64_t>(random.Below(2 * kReach)) - kReach + kReach / 4;
    ASSERT_EQ(unwrapper.Unwrap(static_cast<T>(position)), position);
  }
}

TEST(SequenceUnwrapper, FollowsARandomWalk) {
  FollowRandomWalk<uint16_t>();
  FollowRandomWalk<uint32_t>();
}

}  // namespace
}  // namespace confab::rtc
