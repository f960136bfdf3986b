#include <gtest/gtest.h>

#include "base/random.h"
#include "rtc/srtp/replay_window.h"
#include "rtc/srtp/srtp_layout.h"
#include "rtc/srtp/srtp_receive_state.h"
#include "rtc/srtp/srtp_send_state.h"

namespace confab::rtc {
namespace {

constexpr Ssrc kSsrc{0xcafe};

TEST(ReplayWindow, TakesEachIndexOnce) {
  ReplayWindow window;
  EXPECT_TRUE(window.IsFresh(0));
  EXPECT_TRUE(window.Commit(0));
  EXPECT_FALSE(window.IsFresh(0));
  EXPECT_FALSE(window.Commit(0));
  EXPECT_TRUE(window.Commit(5));
  EXPECT_TRUE(window.Commit(3));
  EXPECT_FALSE(window.Commit(3));
  EXPECT_FALSE(window.Commit(5));
}

TEST(ReplayWindow, RefusesWhatIsTooOldToTell) {
  ReplayWindow window;
  ASSERT_TRUE(window.Commit(10'000));
  EXPECT_TRUE(window.IsFresh(10'000 - ReplayWindow::kSize + 1));
  EXPECT_FALSE(window.IsFresh(10'000 - ReplayWindow::kSize));
}

// Against a plain model that remembers everything.
TEST(ReplayWindow, AgreesWithAModelUnderRandomReordering) {
  Prng random(7);
  ReplayWindow window;
  std::vector<bool> seen(500'000, false);
  uint64_t highest = 0;
  uint64_t base = 0;
  for (int i = 0; i < 200'000; ++i) {
    base += random.Below(3) == 0 ? random.Below(4) : 0;
    if (random.Below(2000) == 0) base += random.Below(2 * ReplayWindow::kSize);
    const uint64_t index = base + random.Below(ReplayWindow::kSize * 5 / 4);
    if (index >= seen.size()) break;
    const bool fresh = !seen[index] && (index > highest || highest - index < ReplayWindow::kSize);
    ASSERT_EQ(window.Commit(index), fresh) << "index " << index << " highest " << highest;
    if (fresh) seen[index] = true;
    highest = std::max(highest, index);
  }
}

TEST(SrtpReceiveState, RefusesAReplayedPacket) {
  SrtpReceiveState state;
  const auto index = state.EstimateIndex(kSsrc, 100);
  EXPECT_EQ(index, 100u);
  EXPECT_TRUE(state.Commit(kSsrc, *index));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 100), std::nullopt);
  EXPECT_EQ(state.EstimateIndex(Ssrc(1), 100), 100u) << "ssrcs do not share a window";
}

TEST(SrtpReceiveState, RefusesTheSecondOfTwoCopiesInOneBatch) {
  SrtpReceiveState state;
  const auto first = state.EstimateIndex(kSsrc, 100);
  const auto second = state.EstimateIndex(kSsrc, 100);
  ASSERT_EQ(first, second) << "neither is committed yet";
  EXPECT_TRUE(state.Commit(kSsrc, *first));
  EXPECT_FALSE(state.Commit(kSsrc, *second));
}

TEST(SrtpReceiveState, LearnsNothingFromAPacketThatIsNotCommitted) {
  SrtpReceiveState state;
  for (uint32_t ssrc = 0; ssrc < 1000; ++ssrc) EXPECT_TRUE(state.EstimateIndex(Ssrc(ssrc), 40000));
  ASSERT_TRUE(state.Commit(kSsrc, 10));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 60000), 60000u);
  EXPECT_EQ(state.EstimateIndex(kSsrc, 11), 11u);
}

TEST(SrtpReceiveState, CountsTheRollOverOnwardAndBack) {
  SrtpReceiveState state;
  ASSERT_TRUE(state.Commit(kSsrc, 65534));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 1), 0x1'0001u);
  ASSERT_TRUE(state.Commit(kSsrc, 0x1'0001));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 65535), 65535u) << "a late packet from before the wrap";
  ASSERT_TRUE(state.Commit(kSsrc, 65535));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 65535), std::nullopt);
  EXPECT_EQ(state.EstimateIndex(kSsrc, 0), 0x1'0000u);
  EXPECT_EQ(state.EstimateIndex(kSsrc, 2), 0x1'0002u);
}

TEST(SrtpReceiveState, TakesTheNearestIndexInTheMiddleOfTheRange) {
  SrtpReceiveState state;
  ASSERT_TRUE(state.Commit(kSsrc, 0x5'8000));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 0xffff), 0x5'ffffu);
  ASSERT_TRUE(state.Commit(kSsrc, 0x5'fff0));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 0x7fe0), 0x6'7fe0u) << "32,752 ahead is nearer";
  EXPECT_EQ(state.EstimateIndex(kSsrc, 0xffef), 0x5'ffefu);
}

TEST(SrtpReceiveState, HasNothingBeforeTheFirstCycle) {
  SrtpReceiveState state;
  ASSERT_TRUE(state.Commit(kSsrc, 3));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 65535), 65535u);
}

TEST(SrtpReceiveState, EndsAtTheLastIndex) {
  SrtpReceiveState state;
  ASSERT_TRUE(state.Commit(kSsrc, kMaxSrtpIndex));
  EXPECT_EQ(state.EstimateIndex(kSsrc, 0), std::nullopt);
}

TEST(SrtpReceiveState, FollowsAReorderedStreamThroughManyRollOvers) {
  Prng random(3);
  SrtpReceiveState state;
  for (uint64_t base = 0; base < 400'000; base += 37) {
    for (int i = 0; i < 3; ++i) {
      const uint64_t index = base + random.Below(100);
      const auto estimate = state.EstimateIndex(kSsrc, static_cast<uint16_t>(index));
      if (!estimate) continue;
      ASSERT_EQ(*estimate, index);
      ASSERT_TRUE(state.Commit(kSsrc, index));
    }
  }
}

TEST(SrtpReceiveState, RefusesNewSsrcsWhenTheTableIsFull) {
  SrtpReceiveState state;
  for (uint32_t i = 0; i < ReplayTable::kMaxSsrcs; ++i) {
    ASSERT_TRUE(state.Commit(Ssrc(i), 1));
  }
  const Ssrc extra(1000);
  EXPECT_EQ(state.EstimateIndex(extra, 1), std::nullopt);
  EXPECT_FALSE(state.Commit(extra, 1));
  EXPECT_EQ(state.EstimateIndex(Ssrc(5), 2), 2u) << "known ssrcs go on";

  state.Remove(Ssrc(5));
  EXPECT_EQ(state.EstimateIndex(extra, 1), 1u);
  EXPECT_TRUE(state.Commit(extra, 1));
  EXPECT_EQ(state.EstimateIndex(Ssrc(63), 1), std::nullopt) << "the others keep their windows";
}

TEST(SrtpReceiveState, KeepsARetiredSsrcUntilItsPlaceIsNeeded) {
  SrtpReceiveState state;
  for (uint32_t i = 0; i < ReplayTable::kMaxSsrcs; ++i) ASSERT_TRUE(state.Commit(Ssrc(i), 70'000));
  for (const uint32_t i : {9u, 7u, 5u}) state.Retire(Ssrc(i));
  EXPECT_EQ(state.EstimateIndex(Ssrc(9), 4464), std::nullopt) << "a replay still is one";
  EXPECT_EQ(state.EstimateIndex(Ssrc(9), 4465), 70'001u);

  state.Revive(Ssrc(9));
  EXPECT_TRUE(state.Commit(Ssrc(1000), 1));
  EXPECT_FALSE(state.Knows(Ssrc(7))) << "the oldest of those that are retired";
  EXPECT_TRUE(state.Commit(Ssrc(1001), 1));
  EXPECT_FALSE(state.Knows(Ssrc(5)));
  EXPECT_FALSE(state.Commit(Ssrc(1002), 1));
  EXPECT_EQ(state.EstimateIndex(Ssrc(1002), 1), std::nullopt);
  EXPECT_EQ(state.EstimateIndex(Ssrc(9), 4465), 70'001u);
  EXPECT_EQ(state.EstimateIndex(Ssrc(1000), 1), std::nullopt);
  EXPECT_EQ(state.EstimateIndex(Ssrc(1000), 2), 2u);
}

TEST(SrtpReceiveState, RefusesNewSendersOfRtcpWhenThereAreTooManyAndForgetsNone) {
  SrtpReceiveState state;
  // Not in the order in which they are kept.
  for (uint32_t i = 0; i < RtcpReplayTable::kMaxSenders; ++i) {
    ASSERT_TRUE(state.CommitRtcp(Ssrc(i ^ 0x5a5), 1));
  }
  const Ssrc extra(100'000);
  EXPECT_FALSE(state.AcceptsRtcp(extra, 1));
  EXPECT_FALSE(state.CommitRtcp(extra, 1));
  for (uint32_t i = 0; i < RtcpReplayTable::kMaxSenders; ++i) {
    ASSERT_FALSE(state.AcceptsRtcp(Ssrc(i), 1));
    ASSERT_TRUE(state.AcceptsRtcp(Ssrc(i), 2));
  }

  state.Remove(Ssrc(5));
  EXPECT_FALSE(state.KnowsRtcp(Ssrc(5)));
  EXPECT_TRUE(state.CommitRtcp(extra, 1));
  EXPECT_FALSE(state.AcceptsRtcp(Ssrc(5), 1));
}

TEST(SrtpReceiveState, RefusesReplayedRtcp) {
  SrtpReceiveState state;
  EXPECT_TRUE(state.AcceptsRtcp(kSsrc, 0));
  EXPECT_TRUE(state.CommitRtcp(kSsrc, 0));
  EXPECT_FALSE(state.AcceptsRtcp(kSsrc, 0));
  EXPECT_TRUE(state.CommitRtcp(kSsrc, RtcpReplayWindow::kSize + 500));
  EXPECT_FALSE(state.AcceptsRtcp(kSsrc, 500)) << "too old";
  EXPECT_TRUE(state.AcceptsRtcp(kSsrc, 501));
}

TEST(SrtpSendState, NeverTakesAnSsrcTwice) {
  SrtpSendState state;
  EXPECT_FALSE(state.Knows(kSsrc));
  ASSERT_TRUE(state.AddStream(kSsrc));
  EXPECT_TRUE(state.Knows(kSsrc));
  EXPECT_FALSE(state.AddStream(kSsrc));
  EXPECT_TRUE(state.AddStream(Ssrc(2)));
}

TEST(SrtpSendState, EndsRatherThanWraps) {
  SrtpSendState fresh;
  EXPECT_EQ(fresh.NextRtcpIndex(), 0u);
  EXPECT_EQ(fresh.NextRtcpIndex(), 1u);
  SrtpSendState old(kMaxSrtcpIndex);
  EXPECT_EQ(old.NextRtcpIndex(), kMaxSrtcpIndex);
  EXPECT_EQ(old.NextRtcpIndex(), std::nullopt);
  EXPECT_EQ(old.NextRtcpIndex(), std::nullopt);
}

TEST(SrtpSendState, RefusesStreamsBeyondItsLimit) {
  SrtpSendState state;
  for (uint32_t i = 0; i < SrtpSendState::kMaxStreams; ++i) {
    ASSERT_TRUE(state.AddStream(Ssrc(i)));
  }
  EXPECT_FALSE(state.AddStream(Ssrc(1'000'000)));
}

}  // namespace
}  // namespace confab::rtc
