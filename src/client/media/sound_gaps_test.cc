#include "client/media/sound_gaps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SoundGaps, KeepsWhatIsLongerThanAJitter) {
  SoundGaps gaps;
  for (const int64_t ms : {5000, 5020, 5220, 5421, 5441, 8000}) gaps.Heard(Timestamp::Millis(ms));
  EXPECT_THAT(gaps.gaps(), ElementsAre(TimeDelta::Millis(201), TimeDelta::Millis(2559)));
}

TEST(SoundGaps, BeginsWithTheFirstPacket) {
  SoundGaps gaps;
  gaps.Heard(Timestamp::Millis(60'000));
  EXPECT_THAT(gaps.gaps(), IsEmpty());
}

TEST(SoundGaps, KeepsNoMoreThanItMay) {
  SoundGaps gaps;
  for (size_t i = 0; i < SoundGaps::kMost + 10; ++i) {
    gaps.Heard(Timestamp::Millis(static_cast<int64_t>(i) * 300));
  }
  EXPECT_EQ(gaps.gaps().size(), SoundGaps::kMost);
}

TEST(SoundGaps, CountsTheOneThatLastsAtTheEnd) {
  SoundGaps gaps;
  gaps.Heard(Timestamp::Millis(5000));
  gaps.End(Timestamp::Millis(9000));
  gaps.Heard(Timestamp::Millis(9900));
  gaps.End(Timestamp::Millis(12'000));
  EXPECT_THAT(gaps.gaps(), ElementsAre(TimeDelta::Millis(4000)));
  EXPECT_EQ(gaps.last(), Timestamp::Millis(5000));
}

TEST(SoundGaps, EndsWithoutAGapWhereSomebodyIsHeard) {
  SoundGaps gaps, unheard;
  gaps.Heard(Timestamp::Millis(5000));
  gaps.End(Timestamp::Millis(5200));
  EXPECT_THAT(gaps.gaps(), IsEmpty());
  unheard.End(Timestamp::Millis(60'000));
  EXPECT_THAT(unheard.gaps(), IsEmpty());
  EXPECT_FALSE(unheard.last());
}

}  // namespace
}  // namespace confab::client
