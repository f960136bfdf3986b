// Where a consumer begins, and begins again.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtp/sequence_number.h"
#include "sfu/parameters/browser_parameters_for_test.h"
#include "sfu/testing/simulated_call.h"

namespace confab::sfu {
namespace {

using ::testing::ElementsAre;
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

TEST_F(ConsumerStart, ShowsNobodyWhatCameWhileTheProducerWasPaused) {
  Producer& camera = **call_.router().FindProducer("camera");
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  SendFrames(2, true);
  call_.router().PauseProducer(camera);
  receiver_.host->rtp.clear();
  (void)KeyframesAskedFor();
  SendFrames(10, true);
  call_.router().ResumeProducer(call_.now, camera);
  call_.RunFor(kFrameInterval);
  EXPECT_THAT(receiver_.host->rtp, IsEmpty());
  EXPECT_EQ(KeyframesAskedFor(), 1u);
  SendFrames(1, true);
  EXPECT_THAT(receiver_.host->rtp, SizeIs(1));
}

TEST_F(ConsumerStart, ShowsNobodyWhatIsRepeatedOfAPauseThatIsOver) {
  Producer& camera = **call_.router().FindProducer("camera");
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  SendFrames(2, true);
  call_.router().PauseProducer(camera);
  receiver_.host->rtp.clear();
  call_.lose = [](bool to_server, BytesView bytes) { return to_server && bytes.size() > 1000; };
  SendFrames(1, true);
  call_.lose = nullptr;
  SendFrames(1);
  call_.router().ResumeProducer(call_.now, camera);
  const int64_t next = sender_.host->session.stream(sender_.video).sequence.next();
  call_.Repeat(sender_, static_cast<uint16_t>(next - 2));
  call_.RunFor(kFrameInterval);
  EXPECT_THAT(receiver_.host->rtp, IsEmpty());
}

// What follows the pause could not be decoded after it.
TEST_F(ConsumerStart, DoesNotBeginBeforeAPause) {
  Producer& camera = **call_.router().FindProducer("camera");
  SendFrames(2, true);
  call_.router().PauseProducer(camera);
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  call_.router().ResumeProducer(call_.now, camera);
  call_.RunFor(kFrameInterval);
  EXPECT_THAT(receiver_.host->rtp, IsEmpty());
}

class H264Start : public ConsumerStart {
 protected:
  // NAL unit headers (RFC 6184 §1.3).
  static constexpr uint8_t kSps = 0x67;
  static constexpr uint8_t kIdr = 0x65;
  static constexpr uint8_t kSlice = 0x41;

  void SetUp() override {
    ConsumerStart::SetUp();
    stream_ = *sender_.host->session.AddStream(
        {.ssrc = kSsrc, .payload_type = rtc::PayloadType(96), .mid = "", .extensions = {}});
    RtpParameters parameters = testing::Vp8Parameters(kSsrc.value());
    parameters.mid = "h264";
    parameters.codecs[0].mime_type = "video/H264";
    parameters.codecs[0].parameters = testing::H264("42e01f");
    const auto produced = call_.router().Produce(call_.now, "sender",
                                                 {.id = "h264",
                                                  .kind = rtc::MediaKind::kVideo,
                                                  .parameters = std::move(parameters),
                                                  .cname = "participant"});
    ASSERT_TRUE(produced);
    producer_ = *produced;
    ASSERT_TRUE(call_.Consume(receiver_, "consumer", "h264"));
  }
  void Send(int64_t sequence, uint32_t rtp_timestamp, uint8_t nal_header) {
    const std::array<uint8_t, 3> payload{nal_header, 0x42, 0x42};
    const rtc::PacketRef packet = sender_.host->pool.Acquire();
    rtc::Packet& p = packet.writable();
    std::ranges::copy(payload, p.buffer().begin());
    p.payload_offset = 0;
    p.payload_size = p.size = static_cast<uint16_t>(payload.size());
    rtc::SendIntent intent{
        .stream = stream_, .source_sequence = sequence, .packet = packet, .plan = {}};
    intent.plan.rtp_timestamp = rtp_timestamp;
    sender_.host->session.Admit(std::move(intent));
    call_.RunFor(TimeDelta::Millis(20));
  }
  std::vector<uint8_t> Received() const {
    std::vector<uint8_t> nal_headers;
    for (const rtc::PacketRef& packet : receiver_.host->rtp) {
      nal_headers.push_back(packet->payload()[0]);
    }
    return nal_headers;
  }

  static constexpr rtc::Ssrc kSsrc{4321};
  rtc::OutgoingStreamIndex stream_;
  Producer* producer_ = nullptr;
};

TEST_F(H264Start, BeginsWithParameterSetsThatComeLate) {
  Send(0, 0, kSlice);
  Send(2, kFrameTicks, kIdr);
  EXPECT_THAT(Received(), IsEmpty()) << "what was sent before the SPS could not be decoded";
  Send(1, kFrameTicks, kSps);
  EXPECT_THAT(Received(), ElementsAre(kSps, kIdr));
}

TEST_F(H264Start, BeginsWithoutParameterSetsWhereTheyComeOutOfBand) {
  Send(0, 0, kSlice);
  Send(1, kFrameTicks, kIdr);
  EXPECT_THAT(Received(), ElementsAre(kIdr));
}

TEST_F(H264Start, CountsAKeyframeOfSeveralPacketsOnce) {
  Send(0, 0, kSps);
  Send(1, 0, kIdr);
  Send(2, 0, kIdr);
  Send(3, kFrameTicks, kSps);
  EXPECT_EQ(producer_->main_stream().keyframes_received(), 2u);
}

}  // namespace
}  // namespace confab::sfu
