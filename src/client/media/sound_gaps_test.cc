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

}  // namespace
}  // namespace confab::client
