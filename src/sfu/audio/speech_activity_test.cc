#include "sfu/audio/speech_activity.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

constexpr uint8_t kVoice = 30;
constexpr uint8_t kQuiet = 127;

// Sends packets of 20 ms on a clock of its own.
class Stream {
 public:
  void Send(uint8_t level, int ms) {
    for (int sent = 0; sent < ms; sent += 20) {
      now_ = now_ + kUsualPacketDuration;
      activity_.OnPacket(level, now_, kUsualPacketDuration);
    }
  }
  void SendNothing(int ms) {
    now_ = now_ + TimeDelta::Millis(ms);
    activity_.Advance(now_);
  }
  const SpeechActivity& activity() const { return activity_; }
  Timestamp now() const { return now_; }

 private:
  SpeechActivity activity_;
  Timestamp now_ = Timestamp::Millis(1'000'000);
};

TEST(SpeechActivity, BeginsAfter200MillisecondsOfVoice) {
  Stream stream;
  stream.Send(kQuiet, 1000);
  stream.Send(kVoice, 180);
  EXPECT_FALSE(stream.activity().speaking());
  stream.Send(kVoice, 20);
  EXPECT_TRUE(stream.activity().speaking());
  EXPECT_EQ(stream.activity().last_active(), stream.now());
}

TEST(SpeechActivity, IsNotMovedByKnocksAndTyping) {
  Stream stream;
  for (int i = 0; i < 100; ++i) {
    stream.Send(5, 60);
    stream.Send(kQuiet, 140);
    EXPECT_FALSE(stream.activity().speaking()) << i;
  }
}

TEST(SpeechActivity, LastsThroughPausesAndEndsInSilence) {
  Stream stream;
  stream.Send(kVoice, 1000);
  for (int i = 0; i < 20; ++i) {
    stream.Send(kQuiet, 300);
    EXPECT_TRUE(stream.activity().speaking()) << i;
    stream.Send(kVoice, 300);
  }
  stream.Send(kQuiet, 780);
  EXPECT_TRUE(stream.activity().speaking());
  stream.Send(kQuiet, 40);
  EXPECT_FALSE(stream.activity().speaking());
  EXPECT_FALSE(stream.activity().unsettled());
}

TEST(SpeechActivity, EndsWhenPacketsStopComing) {
  Stream stream;
  stream.Send(kVoice, 1000);
  stream.SendNothing(800);
  EXPECT_TRUE(stream.activity().speaking());
  stream.SendNothing(130);
  EXPECT_FALSE(stream.activity().speaking());
  EXPECT_LT(stream.activity().level_dbov(), -90);
}

TEST(SpeechActivity, DoesNotCareHowPacketsAreBunched) {
  Stream steady;
  steady.Send(kVoice, 180);
  SpeechActivity bunched;
  const Timestamp late = Timestamp::Millis(100);
  for (int i = 0; i < 9; ++i) bunched.OnPacket(kVoice, late, kUsualPacketDuration);
  EXPECT_FALSE(bunched.speaking());
  bunched.OnPacket(kVoice, late, kUsualPacketDuration);
  EXPECT_TRUE(bunched.speaking());
  EXPECT_FALSE(steady.activity().speaking());
}

TEST(SpeechActivity, CountsLongPacketsFully) {
  SpeechActivity activity;
  for (int i = 1; i <= 4; ++i) {
    EXPECT_FALSE(activity.speaking());
    activity.OnPacket(kVoice, Timestamp::Millis(60 * i), TimeDelta::Millis(60));
  }
  EXPECT_TRUE(activity.speaking());
}

TEST(SpeechActivity, LearnsThatAFanIsNoSpeech) {
  Stream stream;
  stream.Send(50, 8000);
  EXPECT_FALSE(stream.activity().speaking());
  stream.Send(25, 220);
  EXPECT_TRUE(stream.activity().speaking()) << "a voice above the fan";
}

TEST(SpeechActivity, FollowsTheLevel) {
  Stream stream;
  stream.Send(20, 2000);
  EXPECT_NEAR(stream.activity().level_dbov(), -20, 1);
  stream.Send(40, 2000);
  EXPECT_NEAR(stream.activity().level_dbov(), -40, 1);
}

TEST(SpeechActivity, TakesLevelsOutOfRangeForSilence) {
  Stream stream;
  stream.Send(255, 1000);
  EXPECT_FALSE(stream.activity().speaking());
  EXPECT_GE(stream.activity().level_dbov(), -127);
}

TEST(NoiseFloor, NeverRisesSoFarThatMusicIsNoise) {
  NoiseFloor floor;
  for (int i = 0; i < 10'000; ++i) floor.Update(-20, kUsualPacketDuration);
  EXPECT_LE(floor.threshold_dbov(), -40);
  for (int i = 0; i < 50; ++i) floor.Update(-127, kUsualPacketDuration);
  EXPECT_FLOAT_EQ(floor.threshold_dbov(), -60);
}

}  // namespace
}  // namespace confab::sfu
