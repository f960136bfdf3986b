// Where a consumer begins, and begins again.
#include <gmock/gmock.h>

#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtp/sequence_number.h"
#include "sfu/testing/simulated_call.h"

namespace confab::sfu {
namespace {

using ::testing::IsEmpty;
using testing::kCameraSsrc;
using testing::kFrameTicks;
using testing::SimulatedCall;
using ::testing::SizeIs;

constexpr TimeDelta kFrameInterval = TimeDelta::Millis(33);

class ConsumerStart : public ::testing::Test {
 protected:
  void SetUp() override {
    call_.RunFor(TimeDelta::Millis(500));
    ASSERT_TRUE(call_.ProduceVideo(sender_, "camera", kCameraSsrc));
  }
  void SendFrames(int count, bool keyframe = false) {
    for (int i = 0; i < count; ++i) {
      call_.SendFrame(sender_, frames_++ * kFrameTicks, keyframe && i == 0);
      call_.RunFor(kFrameInterval);
    }
  }
  size_t KeyframesAskedFor() {
    size_t asked = 0;
    for (const auto& compound : sender_.host->rtcp) {
      (void)rtc::ForEachRtcp(compound, [&asked](const rtc::Pli&) { ++asked; });
    }
    sender_.host->rtcp.clear();
    return asked;
  }

  SimulatedCall call_;
  SimulatedCall::Client& sender_ = call_.AddClient("sender");
  SimulatedCall::Client& receiver_ = call_.AddClient("receiver");
  uint32_t frames_ = 0;
};

// The cached keyframe was sent before the pause: from it the receiver would get frames again that
// it has shown, and timestamps before those that it has seen.
TEST_F(ConsumerStart, DoesNotGoBackToAKeyframeThatWasSentBeforeAPause) {
  Consumer& consumer = **call_.Consume(receiver_, "consumer", "camera");
  SendFrames(30, true);
  const uint32_t newest = receiver_.host->rtp.back()->rtp_timestamp;
  call_.router().PauseConsumer(call_.now, consumer);
  SendFrames(1);
  receiver_.host->rtp.clear();
  (void)KeyframesAskedFor();
  call_.router().ResumeConsumer(call_.now, consumer);
  SendFrames(2);
  EXPECT_THAT(receiver_.host->rtp, IsEmpty());
  EXPECT_EQ(KeyframesAskedFor(), 1u);
  SendFrames(1, true);
  ASSERT_THAT(receiver_.host->rtp, SizeIs(1));
  EXPECT_TRUE(rtc::IsNewerSequence(receiver_.host->rtp.front()->rtp_timestamp, newest));
}

// All requests were lost while the sender's network was down; its pictures come again, but nobody
// else asks.
TEST_F(ConsumerStart, AsksForAKeyframeAgainWhenTheSenderIsHeardAgain) {
  SendFrames(1);
  call_.lose = [](bool, BytesView) { return true; };
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  call_.RunFor(KeyframeRequester::kInterval * (KeyframeRequester::kMaxRepeats + 3));
  call_.lose = nullptr;
  (void)KeyframesAskedFor();
  SendFrames(2);
  EXPECT_EQ(KeyframesAskedFor(), 1u);
}

}  // namespace
}  // namespace confab::sfu
