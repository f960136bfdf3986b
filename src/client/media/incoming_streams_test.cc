#include "client/media/incoming_streams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace confab::client {
namespace {

constexpr rtc::Ssrc kCamera{1}, kCameraRtx{2}, kMicrophone{3};

ReceiveParameters Parameters(rtc::MediaKind kind, rtc::Ssrc ssrc, std::string producer_id) {
  ReceiveParameters parameters;
  parameters.kind = kind;
  parameters.ssrc = ssrc;
  parameters.clock_rate_hz = 90'000;
  parameters.producer_id = std::move(producer_id);
  return parameters;
}

class IncomingStreamsTest : public testing::Test {
 protected:
  IncomingStreamsTest() {
    ReceiveParameters camera = Parameters(rtc::MediaKind::kVideo, kCamera, "camera");
    camera.rtx_ssrc = kCameraRtx;
    streams_.Add(std::move(camera));
    streams_.Add(Parameters(rtc::MediaKind::kAudio, kMicrophone, "microphone"));
  }

  void Receive(rtc::Ssrc ssrc, uint16_t sequence) {
    const rtc::PacketRef packet = pool_.Acquire();
    packet.writable().ssrc = ssrc;
    packet.writable().sequence = sequence;
    constexpr uint16_t kPayloadSize = 10;
    std::ranges::fill(packet.writable().buffer().first(kPayloadSize), uint8_t{0});
    packet.writable().payload_size = kPayloadSize;
    IncomingMedia* stream = streams_.Find(ssrc);
    ASSERT_NE(stream, nullptr);
    stream->OnPacket(Timestamp::Millis(1000), NtpTime(), packet.writable());
  }

  rtc::PacketPool pool_;
  IncomingStreams streams_;
};

TEST_F(IncomingStreamsTest, FindsThemByEitherSsrc) {
  EXPECT_EQ(streams_.Find(kCamera), streams_.Find(kCameraRtx));
  EXPECT_EQ(streams_.Find(kMicrophone)->parameters().producer_id, "microphone");
  EXPECT_EQ(streams_.Find(rtc::Ssrc(4)), nullptr);
  EXPECT_EQ(streams_.counters().streams, 2u);
  EXPECT_EQ(streams_.counters().silent_streams, 2u);
}

TEST_F(IncomingStreamsTest, OneThatHasEndedIsGoneAndWhatCameOnItCounts) {
  Receive(kMicrophone, 7);
  Receive(kMicrophone, 9);
  streams_.CloseOf("microphone");
  EXPECT_EQ(streams_.Find(kMicrophone), nullptr);
  EXPECT_EQ(streams_.open().size(), 1u);
  const SubscriberCounters counters = streams_.counters();
  EXPECT_EQ(counters.streams, 1u);
  EXPECT_EQ(counters.silent_streams, 1u);  // the camera
  EXPECT_EQ(counters.audio.packets, 2u);
  EXPECT_EQ(counters.audio.missing, 1u);
  streams_.CloseAll();
  EXPECT_EQ(streams_.Find(kCameraRtx), nullptr);
  EXPECT_EQ(streams_.counters().streams, 0u);
  EXPECT_EQ(streams_.counters().audio.packets, 2u);
}

TEST_F(IncomingStreamsTest, OneThatHasEndedTakesNoOthersSsrcAway) {
  streams_.Add(Parameters(rtc::MediaKind::kAudio, kMicrophone, "its successor"));
  streams_.CloseOf("microphone");
  ASSERT_NE(streams_.Find(kMicrophone), nullptr);
  EXPECT_EQ(streams_.Find(kMicrophone)->parameters().producer_id, "its successor");
}

TEST_F(IncomingStreamsTest, ProgressSaysTheSameAsTheCounters) {
  Receive(kMicrophone, 7);
  Receive(kMicrophone, 9);
  streams_.CloseOf("microphone");
  streams_.Add(Parameters(rtc::MediaKind::kAudio, kMicrophone, "another microphone"));
  Receive(kCamera, 1);
  Receive(kCamera, 3);
  const SubscriberProgress progress = streams_.progress();
  const SubscriberCounters counters = streams_.counters();
  EXPECT_EQ(progress.streams, 2u);
  EXPECT_EQ(progress.silent_streams, 1u);
  EXPECT_EQ(progress.packets, 4u);
  EXPECT_EQ(progress.missing, 2u);
  EXPECT_EQ(progress.payload_octets, 40u);
  EXPECT_EQ(progress.recovered, counters.video.recovered + counters.audio.recovered);
  EXPECT_EQ(progress.complete_frames, counters.video.frames.complete);
}

TEST_F(IncomingStreamsTest, BeginsAgainFromNothing) {
  Receive(kMicrophone, 7);
  streams_.CloseOf("microphone");
  Receive(kCamera, 1);
  streams_.Reset();
  EXPECT_EQ(streams_.counters().streams, 0u);
  EXPECT_EQ(streams_.counters().audio.packets + streams_.counters().video.packets, 0u);
  EXPECT_EQ(streams_.Find(kCamera), nullptr);
}

}  // namespace
}  // namespace confab::client
