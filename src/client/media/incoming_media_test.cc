#include "client/media/incoming_media.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace confab::client {
namespace {

constexpr rtc::Ssrc kMediaSsrc{1111};
constexpr rtc::Ssrc kRtxSsrc{2222};
constexpr uint16_t kPayload = 20;  // where it begins
// An abs-capture-time of 100.5 s.
constexpr NtpTime kCaptured{(100ULL << 32) | (1ULL << 31)};

class IncomingMediaTest : public testing::Test {
 protected:
  static ReceiveParameters Parameters(rtc::MediaKind kind) {
    ReceiveParameters parameters;
    parameters.kind = kind;
    parameters.ssrc = kMediaSsrc;
    parameters.payload_type = rtc::PayloadType(96);
    parameters.rtx_ssrc = kRtxSsrc;
    parameters.clock_rate_hz = 90'000;
    return parameters;
  }

  // A frame in one packet, a keyframe if `keyframe` (RFC 7741).
  rtc::PacketRef Media(uint16_t sequence, bool keyframe = false) {
    return Packet(kMediaSsrc, sequence, {0x10, static_cast<uint8_t>(keyframe ? 0 : 1), 7});
  }
  rtc::PacketRef Repeated(uint16_t original) {
    return Packet(
        kRtxSsrc, next_rtx_++,
        {static_cast<uint8_t>(original >> 8), static_cast<uint8_t>(original), 0x10, 1, 7});
  }
  rtc::PacketRef Packet(rtc::Ssrc ssrc, uint16_t sequence, std::vector<uint8_t> payload) {
    rtc::PacketRef packet = pool_.Acquire();
    rtc::Packet& fields = packet.writable();
    std::ranges::copy(payload, fields.buffer().begin() + kPayload);
    fields.ssrc = ssrc;
    fields.sequence = sequence;
    fields.marker = true;
    fields.payload_offset = kPayload;
    fields.payload_size = static_cast<uint16_t>(payload.size());
    fields.size = static_cast<uint16_t>(kPayload + payload.size());
    fields.received_at = Timestamp::Millis(now_ms_);
    return packet;
  }
  void Receive(const rtc::PacketRef& packet) {
    media_.OnPacket(Timestamp::Millis(now_ms_), kCaptured, packet.writable());
  }

  rtc::PacketPool pool_;
  int64_t now_ms_ = 1000;
  uint16_t next_rtx_ = 500;
  IncomingMedia media_{Parameters(rtc::MediaKind::kVideo)};
};

TEST_F(IncomingMediaTest, CountsNothingBeforeTheFirstPacket) {
  EXPECT_EQ(media_.counters().packets, 0u);
  EXPECT_EQ(media_.counters().missing, 0u);
  EXPECT_FALSE(media_.TakeReport(Timestamp::Millis(now_ms_)));
}

TEST_F(IncomingMediaTest, AGapIsMissingUntilItIsFilledByReorderingOrRepetition) {
  for (const int sequence : {10, 13, 11}) Receive(Media(static_cast<uint16_t>(sequence)));
  EXPECT_EQ(media_.counters().packets, 3u);
  EXPECT_EQ(media_.counters().missing, 1u);
  Receive(Repeated(12));
  EXPECT_EQ(media_.counters().packets, 4u);
  EXPECT_EQ(media_.counters().recovered, 1u);
  EXPECT_EQ(media_.counters().missing, 0u);
}

TEST_F(IncomingMediaTest, ARepetitionOfWhatIsThereIsADuplicate) {
  Receive(Media(10));
  Receive(Media(12));
  Receive(Repeated(11));
  Receive(Repeated(11));
  Receive(Media(11));
  EXPECT_EQ(media_.counters().packets, 3u);
  EXPECT_EQ(media_.counters().recovered, 1u);
  EXPECT_EQ(media_.counters().duplicates, 2u);
}

TEST_F(IncomingMediaTest, CountsAcrossTheWrapOfNumbers) {
  Receive(Media(0xfffe, true));
  Receive(Media(2));
  EXPECT_EQ(media_.counters().missing, 3u);
  Receive(Media(0));
  Receive(Repeated(0xffff));
  Receive(Repeated(1));
  EXPECT_EQ(media_.counters().packets, 5u);
  EXPECT_EQ(media_.counters().missing, 0u);
  EXPECT_EQ(media_.counters().frames.decodable, 5u);
}

TEST_F(IncomingMediaTest, APacketFromBeforeTheFirstOneCounts) {
  Receive(Media(10));
  Receive(Media(8));
  EXPECT_EQ(media_.counters().packets, 2u);
  EXPECT_EQ(media_.counters().missing, 1u);
}

TEST_F(IncomingMediaTest, AProbeOfPaddingAloneIsNoPacket) {
  Receive(Media(10));
  Receive(Packet(kRtxSsrc, 1, {}));
  Receive(Packet(kRtxSsrc, 2, {0, 11}));
  EXPECT_EQ(media_.counters().packets, 1u);
  EXPECT_EQ(media_.counters().duplicates, 0u);
}

TEST_F(IncomingMediaTest, ReadsWhenAFrameWasCaptured) {
  const rtc::PacketRef packet = Media(10, true);
  StoreU64(&packet.writable().buffer()[12], kCaptured.value() - (1ULL << 30));  // 250 ms ago
  packet.writable().extensions[static_cast<size_t>(rtc::RtpExtension::kAbsCaptureTime)] = {12, 8};
  Receive(packet);
  const IncomingFrameCounters frames = media_.counters().frames;
  EXPECT_EQ(frames.latency.total(), 1u);
  EXPECT_EQ(frames.latency.PercentileMs(500), 250u);
}

TEST_F(IncomingMediaTest, TakesNoCaptureTimeOfAnotherClock) {
  const rtc::PacketRef packet = Media(10, true);
  StoreU64(&packet.writable().buffer()[12], 5);
  packet.writable().extensions[static_cast<size_t>(rtc::RtpExtension::kAbsCaptureTime)] = {12, 8};
  Receive(packet);
  EXPECT_EQ(media_.counters().frames.complete, 1u);
  EXPECT_EQ(media_.counters().frames.latency.total(), 0u);
}

TEST_F(IncomingMediaTest, ReportsWithTheTimesOfTheSendersReport) {
  Receive(Media(10));
  Receive(Media(12));
  media_.OnSenderReport(kCaptured, Timestamp::Millis(1500));
  const auto block = media_.TakeReport(Timestamp::Millis(2000));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->ssrc, kMediaSsrc);
  EXPECT_EQ(block->cumulative_lost, 1);
  EXPECT_EQ(block->extended_highest_sequence, 12u);
  EXPECT_EQ(block->last_sender_report, kCaptured.compact());
  EXPECT_EQ(block->delay_since_report_q16, 0x8000u);
}

TEST_F(IncomingMediaTest, StopsWithTheLastPacketThatCame) {
  EXPECT_FALSE(media_.stopped_before(Timestamp::Millis(5000)));  // it has not begun
  Receive(Media(10));
  now_ms_ = 3000;
  Receive(Media(11));
  EXPECT_FALSE(media_.stopped_before(Timestamp::Millis(3000)));
  EXPECT_TRUE(media_.stopped_before(Timestamp::Millis(3001)));
}

TEST_F(IncomingMediaTest, SoundIsCountedAndNeverAskedFor) {
  IncomingMedia audio(Parameters(rtc::MediaKind::kAudio));
  for (const uint16_t sequence : std::array<uint16_t, 2>{7, 9}) {
    audio.OnPacket(Timestamp::Millis(1000), kCaptured, Media(sequence).writable());
  }
  EXPECT_EQ(audio.counters().packets, 2u);
  EXPECT_EQ(audio.counters().missing, 1u);
  EXPECT_EQ(audio.counters().frames.complete, 0u);
  EXPECT_TRUE(audio.NextTimeout().is_never());
}

}  // namespace
}  // namespace confab::client
