// OutgoingMedia and IncomingMedia at the two ends of a link that loses packets: real sessions and
// real bytes in virtual time.
#include <gtest/gtest.h>

#include <set>

#include "client/media/incoming_media.h"
#include "client/media/outgoing_media.h"
#include "client/media/wall_clock.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/testing/simulated_pair.h"

namespace confab::client {
namespace {

using rtc::testing::SimulatedPair;

constexpr rtc::Ssrc kMedia{1111};
constexpr rtc::Ssrc kRtx{2222};
constexpr rtc::PayloadType kMediaType{96};
constexpr rtc::PayloadType kRtxType{97};
// Descriptor with a start of partition 0, and a VP8 header whose P bit says what it is (RFC 7741).
constexpr std::array<uint8_t, 3> kKeyframe{0x10, 0x00, 0x01};
constexpr std::array<uint8_t, 3> kDeltaFrame{0x10, 0x01, 0x02};

class Repair : public testing::Test {
 protected:
  Repair() : pair_({.lose = [this](Timestamp, BytesView bytes) { return Loses(bytes); }}) {
    EXPECT_TRUE(extensions_.Add(1, rtc::RtpExtension::kAbsCaptureTime));
    pair_.Connect();
    Run(TimeDelta::Seconds(2));
    EXPECT_TRUE(pair_.a.session.connected() && pair_.b.session.connected());
    pair_.b.session.set_receive_extensions(extensions_);
  }

  void Open(bool with_rtx = true) {
    PublishParameters parameters;
    parameters.clock_rate_hz = 90'000;
    parameters.stream.ssrc = kMedia;
    parameters.stream.payload_type = kMediaType;
    parameters.stream.extensions = extensions_;
    parameters.stream.keep_sent = with_rtx;
    if (with_rtx) {
      parameters.rtx = parameters.stream;
      parameters.rtx->ssrc = kRtx;
      parameters.rtx->payload_type = kRtxType;
    }
    sender_.emplace(pair_.a.session, pair_.a.pool, std::move(parameters), "sender", pair_.now);
    ASSERT_TRUE(sender_->open());
    ReceiveParameters received;
    received.ssrc = kMedia;
    received.payload_type = kMediaType;
    received.rtx_ssrc = kRtx;
    received.clock_rate_hz = 90'000;
    receiver_.emplace(received);
  }

  // The n-th packet that leaves on the media stream is lost, n from 0.
  bool Loses(BytesView bytes) {
    const auto header = rtc::ParseRtpHeader(bytes);
    if (!header || header->ssrc != kMedia) return false;
    last_number_ = header->sequence_number;
    return lost_.contains(media_packets_++);
  }

  void SendFrame(BytesView payload) {
    sender_->Send(pair_.now, payload, true);
    Run(TimeDelta::Millis(20));
  }

  // Lets time pass in small steps, and both ends do what a participant does.
  void Run(TimeDelta time) {
    const Timestamp end = pair_.now + time;
    while (pair_.now < end) {
      pair_.RunUntil(pair_.now + TimeDelta::Millis(5));
      for (const rtc::PacketRef& packet : pair_.b.rtp) {
        receiver_->OnPacket(pair_.now, NtpAt(pair_.now), packet.writable());
      }
      pair_.b.rtp.clear();
      if (receiver_) receiver_->HandleTimeout(pair_.now, pair_.b.session);
      for (const auto& compound : pair_.a.rtcp) (void)rtc::ForEachRtcp(compound, Feedback{*this});
      pair_.a.rtcp.clear();
    }
  }

  struct Feedback {
    Repair& test;
    void operator()(const rtc::Nack& nack) const {
      if (test.sender_) test.sender_->OnNack(test.pair_.now, nack);
    }
    void operator()(const rtc::Pli& pli) const {
      EXPECT_EQ(pli.media, kMedia);
      ++test.plis_;
    }
  };

  std::set<int> lost_;
  int media_packets_ = 0;
  uint16_t last_number_ = 0;
  int plis_ = 0;
  rtc::ExtensionMap extensions_;
  SimulatedPair pair_;
  std::optional<OutgoingMedia> sender_;
  std::optional<IncomingMedia> receiver_;
};

TEST_F(Repair, WhatWasLostIsAskedForAndRepeated) {
  Open();
  lost_ = {2, 3, 6};
  SendFrame(kKeyframe);
  for (int i = 0; i < 9; ++i) SendFrame(kDeltaFrame);
  Run(TimeDelta::Millis(500));
  const IncomingCounters received = receiver_->counters();
  EXPECT_EQ(received.packets, 10u);
  EXPECT_EQ(received.recovered, 3u);
  EXPECT_EQ(received.missing, 0u);
  EXPECT_EQ(received.nacked, 3u);
  EXPECT_EQ(received.payload_octets, 30u);
  EXPECT_EQ(received.frames.decodable, 10u);
  // The repetition says when its frame was captured, too.
  EXPECT_EQ(received.frames.latency.total(), 10u);
  EXPECT_EQ(sender_->asked_for(), 3u);
  EXPECT_EQ(sender_->repeated(), 3u);
  EXPECT_EQ(plis_, 0);
}

TEST_F(Repair, NothingLostNothingAskedFor) {
  Open();
  SendFrame(kKeyframe);
  for (int i = 0; i < 5; ++i) SendFrame(kDeltaFrame);
  EXPECT_EQ(receiver_->counters().packets, 6u);
  EXPECT_EQ(receiver_->counters().nacked, 0u);
  EXPECT_EQ(sender_->asked_for(), 0u);
}

TEST_F(Repair, WithoutRtxTheHoleStaysAndAKeyframeIsAskedFor) {
  Open(false);
  lost_ = {1};
  SendFrame(kKeyframe);
  for (int i = 0; i < 3; ++i) SendFrame(kDeltaFrame);
  Run(TimeDelta::Seconds(4));
  EXPECT_GT(sender_->asked_for(), 0u);
  EXPECT_EQ(sender_->repeated(), 0u);
  EXPECT_EQ(receiver_->counters().missing, 1u);
  EXPECT_GT(plis_, 0);
  const int before = plis_;
  SendFrame(kKeyframe);
  Run(TimeDelta::Seconds(1));
  EXPECT_LE(plis_, before + 1);
  EXPECT_EQ(receiver_->counters().frames.decodable, 2u);
}

TEST_F(Repair, APacketIsNotRepeatedTwiceAtOnce) {
  Open();
  SendFrame(kKeyframe);
  std::array<uint8_t, 64> packet;
  ByteWriter writer(packet);
  const std::array<uint16_t, 1> asked{last_number_};
  rtc::WriteNack(writer, rtc::Ssrc(1), kMedia, asked);
  for (int i = 0; i < 3; ++i) (void)rtc::ForEachRtcp(writer.written(), Feedback{*this});
  EXPECT_EQ(sender_->asked_for(), 3u);
  EXPECT_EQ(sender_->repeated(), 1u);
  Run(TimeDelta::Millis(100));
  EXPECT_EQ(receiver_->counters().duplicates, 1u);
  EXPECT_EQ(receiver_->counters().packets, 1u);
}

}  // namespace
}  // namespace confab::client
