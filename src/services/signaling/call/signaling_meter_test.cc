#include "services/signaling/call/signaling_meter.h"

#include <gtest/gtest.h>

#include <set>

namespace confab::signaling {
namespace {

constexpr Timestamp kNow = Timestamp::Millis(1'000'000);

TEST(SignalingMeter, TimesEachStageFromTheOneBefore) {
  SignalingMeter meter;
  StageTimes times;
  StageClock clock(meter, times, kNow);
  clock.End(JoinStage::kReach, kNow + TimeDelta::Millis(3));
  clock.End(JoinStage::kToken, kNow + TimeDelta::Millis(10));
  EXPECT_EQ(meter.stage(JoinStage::kReach).sum(), TimeDelta::Millis(3));
  EXPECT_EQ(meter.stage(JoinStage::kToken).sum(), TimeDelta::Millis(7));
  EXPECT_EQ(meter.stage(JoinStage::kHome).total(), 0u);
  EXPECT_EQ(times.of(JoinStage::kReach), TimeDelta::Millis(3));
  EXPECT_EQ(times.of(JoinStage::kToken), TimeDelta::Millis(7));
  EXPECT_EQ(times.of(JoinStage::kHome), std::nullopt);
}

TEST(StageTimes, AddUpAStageThatTakesPlaceTwice) {
  StageTimes times;
  times.Add(JoinStage::kHome, TimeDelta::Millis(3));
  times.Add(JoinStage::kHome, TimeDelta::Millis(4));
  EXPECT_EQ(times.of(JoinStage::kHome), TimeDelta::Millis(7));
}

TEST(SignalingMeter, TimesTheConnectingOfItsOwnTransportsOnce) {
  SignalingMeter meter;
  meter.ExpectConnect("mine", kNow);
  meter.NoteConnected("others", kNow + TimeDelta::Millis(5));
  EXPECT_EQ(meter.stage(JoinStage::kConnect).total(), 0u);
  for (int i = 0; i < 2; ++i) meter.NoteConnected("mine", kNow + TimeDelta::Millis(20));
  EXPECT_EQ(meter.stage(JoinStage::kConnect).total(), 1u);
  EXPECT_EQ(meter.stage(JoinStage::kConnect).sum(), TimeDelta::Millis(20));
}

TEST(SignalingMeter, WaitsForNoMoreTransportsThanItMay) {
  SignalingMeter meter;
  for (size_t i = 0; i <= SignalingMeter::kMaxConnecting; ++i) {
    meter.ExpectConnect(std::to_string(i), kNow);
  }
  meter.NoteConnected(std::to_string(SignalingMeter::kMaxConnecting), kNow);
  EXPECT_EQ(meter.stage(JoinStage::kConnect).total(), 0u) << "one more than it may";
  // Those of long ago make room.
  const Timestamp later = kNow + SignalingMeter::kConnectLimit + TimeDelta::Millis(1);
  meter.ExpectConnect("late", later);
  meter.NoteConnected("late", later);
  EXPECT_EQ(meter.stage(JoinStage::kConnect).total(), 1u);
}

TEST(SignalingMeter, NamesEveryStageDifferently) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kJoinStages; ++i) names.insert(ToString(static_cast<JoinStage>(i)));
  EXPECT_EQ(names.size(), kJoinStages);
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace confab::signaling
