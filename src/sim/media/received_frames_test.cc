#include "sim/media/received_frames.h"

#include <gtest/gtest.h>

namespace confab::sim {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1000);

// Frames of three packets, 33 ms apart; the number of a packet is its place.
struct Sender {
  ReceivedFrames frames;
  Timestamp now = kStart;

  static FramePart PartAt(int64_t sequence) {
    const auto frame = static_cast<uint32_t>(sequence / 3);
    return {.frame = frame,
            .part = static_cast<uint16_t>(sequence % 3),
            .parts = 3,
            .keyframe = frame == 0,
            .sent_at = kStart + TimeDelta::Millis(33) * frame};
  }
  void Arrive(std::initializer_list<int64_t> sequences) {
    for (const int64_t sequence : sequences) frames.OnPart(now, sequence, PartAt(sequence));
  }
};

TEST(FramePayload, ComesBackAsItWas) {
  const FramePart part{.source = 7,
                       .frame = 70'000,
                       .part = 2,
                       .parts = 5,
                       .keyframe = true,
                       .sent_at = Timestamp::Micros(1'234'567'890'123)};
  for (const auto kind : {rtc::MediaKind::kAudio, rtc::MediaKind::kVideo}) {
    std::array<uint8_t, kMinFramePayload> payload;
    WriteFramePart(kind, part, payload);
    EXPECT_EQ(ReadFramePart(kind, payload), part);
    const size_t needed = kind == rtc::MediaKind::kVideo ? 28 : 23;
    for (size_t size = 0; size < needed; ++size) {
      EXPECT_EQ(ReadFramePart(kind, BytesView(payload).first(size)), std::nullopt) << size;
    }
  }
}

TEST(ReceivedFrames, ShowsWholeFramesInOrder) {
  Sender sender;
  sender.Arrive({0, 1});
  EXPECT_EQ(sender.frames.shown(), 0u);
  sender.Arrive({2, 3, 4, 5});
  EXPECT_EQ(sender.frames.shown(), 2u);
  EXPECT_EQ(sender.frames.counters().complete, 2u);
}

TEST(ReceivedFrames, WaitsForAFrameInBetween) {
  Sender sender;
  sender.Arrive({0, 1, 2, 3, 5, 6, 7, 8});
  EXPECT_EQ(sender.frames.shown(), 1u);
  sender.now = sender.now + TimeDelta::Millis(100);
  sender.Arrive({4});
  EXPECT_EQ(sender.frames.shown(), 3u);
  EXPECT_EQ(sender.frames.counters().recovery.total(), 1u);
}

TEST(ReceivedFrames, GivesUpWhatDoesNotComeAndNeedsAKeyframe) {
  Sender sender;
  sender.Arrive({0, 1, 2, 4, 5, 12, 13, 14});
  sender.frames.HandleTimeout(kStart + ReceivedFrames::kGiveUp);
  EXPECT_TRUE(sender.frames.needs_keyframe());
  EXPECT_EQ(sender.frames.counters().lost, 3u);  // a part of one, and two wholly
  EXPECT_EQ(sender.frames.shown(), 1u);
  EXPECT_EQ(sender.frames.waiting(), 0u);
  sender.frames.OnPart(sender.now, 15, {.frame = 5, .parts = 1, .keyframe = true});
  EXPECT_FALSE(sender.frames.needs_keyframe());
  EXPECT_EQ(sender.frames.shown(), 2u);
}

TEST(ReceivedFrames, TakesAFrameThatAPauseCutOffForNoLoss) {
  Sender sender;
  sender.Arrive({0, 1, 2, 3, 4});
  sender.frames.OnPart(sender.now, 5, {.frame = 40, .parts = 1, .keyframe = true});
  EXPECT_EQ(sender.frames.shown(), 2u);
  EXPECT_EQ(sender.frames.counters().lost, 0u);
}

TEST(ReceivedFrames, CountsWhatIsLateAndWhatIsFromTheCache) {
  Sender sender;
  sender.frames.MeasureFrom(kStart + TimeDelta::Millis(1));
  sender.frames.set_deadline(TimeDelta::Millis(50));
  sender.now = kStart + TimeDelta::Millis(84);
  sender.Arrive({0, 1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(sender.frames.counters().catch_up, 1u);
  EXPECT_EQ(sender.frames.counters().late, 1u);     // 51 ms
  EXPECT_EQ(sender.frames.counters().in_time, 1u);  // 18 ms
}

}  // namespace
}  // namespace confab::sim
