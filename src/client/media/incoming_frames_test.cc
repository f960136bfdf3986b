#include "client/media/incoming_frames.h"

#include <gtest/gtest.h>

#include <string_view>

namespace confab::client {
namespace {

constexpr IncomingPart kKey{.starts = true, .ends = true, .keyframe = true};
constexpr IncomingPart kDelta{.starts = true, .ends = true};
constexpr IncomingPart kStart{.starts = true};
constexpr IncomingPart kMiddle{};
constexpr IncomingPart kEnd{.ends = true};

Timestamp At(int64_t ms) {
  return Timestamp::Millis(ms);
}

TEST(IncomingFrames, PutsPartsTogetherInWhateverOrderTheyCome) {
  IncomingFrames frames;
  frames.OnPart(At(0), 10, kKey);
  frames.OnPart(At(1), 13, kEnd);
  frames.OnPart(At(2), 11, kStart);
  EXPECT_EQ(frames.counters().complete, 1u);
  frames.OnPart(At(3), 12, kMiddle);
  EXPECT_EQ(frames.counters().complete, 2u);
  EXPECT_EQ(frames.counters().decodable, 2u);
  EXPECT_EQ(frames.counters().incomplete, 0u);
  EXPECT_TRUE(frames.NextTimeout().is_never());
}

TEST(IncomingFrames, AFrameWithAHoleIsIncompleteAndThePictureStandsUntilAKeyframe) {
  IncomingFrames frames;
  frames.OnPart(At(0), 1, kKey);
  frames.OnPart(At(10), 2, kStart);
  frames.OnPart(At(10), 4, kEnd);
  frames.OnPart(At(20), 5, kDelta);
  EXPECT_EQ(frames.NextTimeout(), At(10) + IncomingFrames::kGiveUp);
  EXPECT_FALSE(frames.needs_keyframe());
  frames.HandleTimeout(At(10) + IncomingFrames::kGiveUp);
  EXPECT_EQ(frames.counters().incomplete, 1u);
  EXPECT_EQ(frames.counters().complete, 2u);
  EXPECT_EQ(frames.counters().decodable, 1u);
  EXPECT_TRUE(frames.needs_keyframe());
  frames.OnPart(At(3000), 6, kKey);
  EXPECT_FALSE(frames.needs_keyframe());
  EXPECT_EQ(frames.counters().decodable, 2u);
}

TEST(IncomingFrames, AFrameWhoseEndWasLostIsCountedWhenTheNextBegins) {
  IncomingFrames frames;
  frames.OnPart(At(0), 1, kKey);
  frames.OnPart(At(1), 2, kStart);
  frames.OnPart(At(2), 4, kDelta);
  frames.HandleTimeout(frames.NextTimeout());
  EXPECT_EQ(frames.counters().incomplete, 1u);
  EXPECT_EQ(frames.counters().complete, 2u);
}

TEST(IncomingFrames, AStreamThatBeginsInTheMiddleNeedsAKeyframe) {
  IncomingFrames frames;
  frames.OnPart(At(0), 7, kEnd);
  EXPECT_EQ(frames.counters().incomplete, 1u);
  EXPECT_TRUE(frames.needs_keyframe());
  frames.OnPart(At(1), 8, kDelta);
  EXPECT_EQ(frames.counters().decodable, 0u);
  EXPECT_TRUE(frames.needs_keyframe());
}

TEST(IncomingFrames, WhatComesTwiceOrTooLateChangesNothing) {
  IncomingFrames frames;
  frames.OnPart(At(0), 1, kKey);
  frames.OnPart(At(1), 3, kDelta);
  frames.OnPart(At(1), 3, kDelta);
  frames.HandleTimeout(frames.NextTimeout());
  frames.OnPart(At(4000), 2, kDelta);
  EXPECT_EQ(frames.counters().complete, 2u);
  // The second one was built on what is missing.
  EXPECT_EQ(frames.counters().decodable, 1u);
}

TEST(IncomingFrames, MeasuresFromTheCaptureToTheLastPart) {
  IncomingFrames frames;
  frames.OnPart(At(100), 1, {.starts = true, .keyframe = true});
  frames.OnPart(At(110), 3, {.ends = true, .captured_at = At(90)});
  frames.OnPart(At(130), 2, kMiddle);
  EXPECT_EQ(frames.counters().latency.total(), 1u);
  EXPECT_EQ(frames.counters().latency.PercentileMs(1000), 40u);
}

TEST(IncomingFrames, KeepsABoundedNumberOfPartsBehindAHole) {
  IncomingFrames frames;
  frames.OnPart(At(0), 1, kKey);
  for (size_t i = 0; i <= IncomingFrames::kMaxWaiting; ++i) {
    frames.OnPart(At(1), 3 + static_cast<int64_t>(i), kDelta);
  }
  EXPECT_EQ(frames.counters().complete, IncomingFrames::kMaxWaiting + 2);
  EXPECT_TRUE(frames.needs_keyframe());
}

}  // namespace
}  // namespace confab::client
