#include "rtc/session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rtc/demux.h"
#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/testing/simulated_pair.h"

namespace confab::rtc {
namespace {

using ::testing::Contains;
using testing::SimulatedPair;
using testing::TestHost;

constexpr Timestamp kEnd = Timestamp::Millis(20'000);

OutgoingStreamConfig Stream(uint32_t ssrc) {
  ExtensionMap extensions;
  EXPECT_TRUE(extensions.Add(1, RtpExtension::kMid));
  EXPECT_TRUE(extensions.Add(5, RtpExtension::kTransportSequenceNumber));
  return {
      .ssrc = Ssrc(ssrc), .payload_type = PayloadType(96), .mid = "0", .extensions = extensions};
}

// A packet of one octet that waits for its turn.
void Admit(TestHost& from, OutgoingStreamIndex stream, int64_t source_sequence, RewritePlan plan) {
  const PacketRef packet = from.pool.Acquire();
  packet.writable().payload_offset = 12;
  packet.writable().payload_size = 1;
  packet.writable().size = 13;
  from.session.Admit(
      {.stream = stream, .source_sequence = source_sequence, .packet = packet, .plan = plan});
}

class SessionProfiles : public ::testing::TestWithParam<SrtpProfile> {};

TEST_P(SessionProfiles, CarryMediaAndRtcpBothWays) {
  SimulatedPair pair({.profiles = {GetParam()}});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  ASSERT_TRUE(pair.a.session.connected());
  ASSERT_TRUE(pair.b.session.connected());
  EXPECT_EQ(pair.b.session.dtls().srtp()->local.profile, GetParam());
  for (TestHost* from : {&pair.a, &pair.b}) {
    TestHost& to = from == &pair.a ? pair.b : pair.a;
    const auto stream = from->session.AddStream(Stream(4711));
    ASSERT_TRUE(stream);
    const std::vector<uint8_t> payload{1, 2, 3, 4, 5};
    pair.Send(*from, *stream, 70'000, 90, payload);
    std::array<uint8_t, 12> pli;
    ByteWriter writer(pli);
    Pli{.sender = Ssrc(1), .media = Ssrc(2)}.Write(writer);
    from->session.AdmitRtcp(pli);
    pair.RunUntil(pair.now + TimeDelta::Millis(50));
    ASSERT_EQ(to.rtp.size(), 1u);
    EXPECT_EQ(to.rtp[0]->ssrc, Ssrc(4711));
    EXPECT_EQ(to.rtp[0]->rtp_timestamp, 90u);
    EXPECT_TRUE(std::ranges::equal(to.rtp[0]->payload(), payload));
    ASSERT_EQ(to.rtcp.size(), 1u);
    EXPECT_TRUE(std::ranges::equal(to.rtcp[0], pli));
  }
}

INSTANTIATE_TEST_SUITE_P(All, SessionProfiles,
                         ::testing::Values(SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                           SrtpProfile::kAesCm128HmacSha1_80));

TEST(Session, ConnectsThoughEveryThirdHandshakeDatagramIsLost) {
  int count = 0;
  SimulatedPair pair({.lose = [&count](Timestamp, BytesView bytes) {
    return IsDtls(bytes[0]) && ++count % 3 == 0;
  }});
  pair.Connect();
  pair.RunUntil(kEnd);
  EXPECT_TRUE(pair.a.session.connected());
  EXPECT_TRUE(pair.b.session.connected());
}

TEST(Session, FailsWhenTheCertificateIsNotTheAnnouncedOne) {
  SimulatedPair pair({});
  pair.Connect(pair.certificate_a.fingerprint(), pair.certificate_b.fingerprint());
  pair.RunUntil(Timestamp::Millis(5000));
  EXPECT_FALSE(pair.a.session.connected());
  EXPECT_FALSE(pair.b.session.connected());
  EXPECT_THAT(pair.a.events, Contains(SessionEvent::kFailed));
}

TEST(Session, IgnoresDtlsFromAnAddressThatIceHasNotValidated) {
  SimulatedPair pair({});
  pair.Connect();
  // The check has been answered, the ClientHello is on its way; a copy comes from elsewhere.
  pair.RunUntil(pair.now + TimeDelta::Millis(25));
  const auto hello =
      std::ranges::find_if(pair.wire, [](const auto& bytes) { return IsDtls(bytes[0]); });
  ASSERT_NE(hello, pair.wire.end());
  pair.b.Receive(pair.now, SocketAddress::Ipv4({198, 51, 100, 1}, 9), *hello);
  EXPECT_EQ(pair.b.session.counters().drops[DropReason::kDtlsUnvalidated], 1u);
  EXPECT_EQ(pair.b.session.dtls().state(), DtlsState::kNew);
}

TEST(Session, CountsWhatIceRefuses) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  const auto check =
      std::ranges::find_if(pair.wire, [](const auto& bytes) { return IsStun(bytes[0]); });
  ASSERT_NE(check, pair.wire.end());
  std::vector<uint8_t> forged = *check;
  forged.back() = static_cast<uint8_t>(forged.back() ^ 1);  // of its FINGERPRINT
  pair.b.Receive(pair.now, pair.a.address, forged);
  EXPECT_EQ(pair.b.session.counters().drops[DropReason::kStun], 1u);
  pair.b.Receive(pair.now, pair.a.address, *check);
  EXPECT_EQ(pair.b.session.counters().drops[DropReason::kStun], 1u);
}

TEST(Session, DropsAReplayedAndAForgedPacketOnce) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  const auto stream = pair.a.session.AddStream(Stream(1));
  pair.Send(pair.a, *stream, 1, 0, std::vector<uint8_t>{9});
  const std::vector<uint8_t> packet = pair.wire.back();
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  ASSERT_EQ(pair.b.rtp.size(), 1u);
  pair.b.Receive(pair.now, pair.a.address, packet);
  EXPECT_EQ(pair.b.session.counters().drops[DropReason::kReplayed], 1u);
  std::vector<uint8_t> forged = packet;
  forged[3] = static_cast<uint8_t>(forged[3] + 1);  // another sequence number
  pair.b.Receive(pair.now, pair.a.address, forged);
  EXPECT_EQ(pair.b.session.counters().drops[DropReason::kAuthentication], 1u);
  EXPECT_EQ(pair.b.rtp.size(), 1u);
}

// Firefox speaks of each stream that it receives under another ssrc.
TEST(Session, HearsManyMoreSendersOfRtcpThanStreams) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  constexpr uint32_t kSenders = 1000;
  for (uint32_t i = 0; i < kSenders; ++i) {
    std::array<uint8_t, 12> pli;
    ByteWriter writer(pli);
    Pli{.sender = Ssrc(i), .media = Ssrc(2)}.Write(writer);
    pair.a.session.AdmitRtcp(pli);
  }
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  EXPECT_EQ(pair.b.rtcp.size(), kSenders);
}

TEST(Session, TellsAnSsrcTooManyFromAReplay) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  for (uint32_t i = 0; i <= ReplayTable::kMaxSsrcs; ++i) {
    const auto stream = pair.a.session.AddStream(Stream(i));
    ASSERT_TRUE(stream);
    pair.Send(pair.a, *stream, 1, 0, std::vector<uint8_t>{9});
  }
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  EXPECT_EQ(pair.b.rtp.size(), ReplayTable::kMaxSsrcs);
  EXPECT_EQ(pair.b.session.counters().drops[DropReason::kTooManySsrcs], 1u);
  EXPECT_EQ(pair.b.session.counters().drops[DropReason::kReplayed], 0u);
}

TEST(Session, GivesThePlaceOfAnEndedStreamToANewOneUnlessItIsExpectedAgain) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  std::vector<OutgoingStreamIndex> streams;
  for (uint32_t i = 0; i < ReplayTable::kMaxSsrcs + 2; ++i) {
    streams.push_back(*pair.a.session.AddStream(Stream(i)));
  }
  const auto arrives = [&pair, &streams](size_t stream, int64_t sequence) {
    const size_t before = pair.b.rtp.size();
    pair.Send(pair.a, streams[stream], sequence, 0, std::vector<uint8_t>{9});
    pair.RunUntil(pair.now + TimeDelta::Millis(50));
    return pair.b.rtp.size() > before;
  };
  for (size_t i = 0; i < ReplayTable::kMaxSsrcs; ++i) ASSERT_TRUE(arrives(i, 1));
  pair.b.session.ForgetReceivedStream(Ssrc(0));
  pair.b.session.ForgetReceivedStream(Ssrc(1));
  pair.b.session.ExpectReceivedStream(Ssrc(0));
  EXPECT_TRUE(arrives(1, 2)) << "still on its way, and takes no other place";
  EXPECT_TRUE(arrives(ReplayTable::kMaxSsrcs, 1));
  EXPECT_FALSE(arrives(ReplayTable::kMaxSsrcs + 1, 1));
  EXPECT_TRUE(arrives(0, 2));
}

TEST(Session, NumbersWhatItSendsWithoutGapsForWhatIsLeftOut) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  const auto stream = pair.a.session.AddStream(Stream(1));
  const std::vector<uint8_t> payload{1};
  pair.Send(pair.a, *stream, 10, 0, payload);
  pair.a.session.Admit({.stream = *stream, .source_sequence = 11, .packet = {}, .plan = {}});
  pair.Send(pair.a, *stream, 12, 0, payload);
  pair.Send(pair.a, *stream, 14, 0, payload);  // 13 was lost before us
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  ASSERT_EQ(pair.b.rtp.size(), 3u);
  const uint16_t first = pair.b.rtp[0]->sequence;
  EXPECT_EQ(pair.b.rtp[1]->sequence, static_cast<uint16_t>(first + 1));
  EXPECT_EQ(pair.b.rtp[2]->sequence, static_cast<uint16_t>(first + 3));
}

TEST(Session, GoesOnByOneWhereTheFirstPacketAfterAPauseFoundNoPath) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  const auto stream = pair.b.session.AddStream(Stream(1));
  const std::vector<uint8_t> payload{1};
  pair.Send(pair.b, *stream, 10, 0, payload);
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  SessionOutput output(pair.b.sink);
  pair.b.session.ForgetLocalSocket(LocalSocket(0), output);
  Admit(pair.b, *stream, 50'000, {.rebase = true});
  pair.RunUntil(pair.now + TimeDelta::Seconds(10));
  ASSERT_EQ(pair.b.session.counters().drops[DropReason::kNoPath], 1u);
  ASSERT_TRUE(pair.b.session.send_path()) << "the peer has checked again";
  pair.Send(pair.b, *stream, 50'001, 0, payload);
  pair.Send(pair.b, *stream, 50'002, 0, payload);
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  ASSERT_EQ(pair.a.rtp.size(), 3u);
  const uint16_t first = pair.a.rtp[0]->sequence;
  EXPECT_EQ(pair.a.rtp[1]->sequence, static_cast<uint16_t>(first + 1));
  EXPECT_EQ(pair.a.rtp[2]->sequence, static_cast<uint16_t>(first + 2));
}

TEST(Session, GoesOnByOneWhereTheFirstPacketAfterAPauseFoundTheQueueFull) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  const auto stream = pair.a.session.AddStream(Stream(1));
  const auto other = pair.a.session.AddStream(Stream(2));
  const std::vector<uint8_t> payload{1};
  pair.Send(pair.a, *stream, 10, 0, payload);
  for (size_t i = 1; i < Session::kMaxQueuedIntents; ++i) {
    pair.a.session.Admit({.stream = *other, .source_sequence = 0, .packet = {}, .plan = {}});
  }
  Admit(pair.a, *stream, 12, {});  // from before the pause, 11 was lost
  Admit(pair.a, *stream, 50'000, {.rebase = true});
  ASSERT_EQ(pair.a.session.counters().drops[DropReason::kQueueFull], 1u);
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  pair.Send(pair.a, *stream, 50'001, 0, payload);
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  ASSERT_EQ(pair.b.rtp.size(), 3u);
  const uint16_t first = pair.b.rtp[0]->sequence;
  EXPECT_EQ(pair.b.rtp[1]->sequence, static_cast<uint16_t>(first + 2));
  EXPECT_EQ(pair.b.rtp[2]->sequence, static_cast<uint16_t>(first + 3));
}

// Streams are kept for the life of a session, their logs of 24 KB are not.
TEST(Session, RemembersNothingThatAClosedStreamSent) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  OutgoingStreamConfig config = Stream(1);
  config.keep_sent = true;
  const auto stream = pair.a.session.AddStream(std::move(config));
  pair.Send(pair.a, *stream, 10, 0, std::vector<uint8_t>{1});
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  ASSERT_EQ(pair.b.rtp.size(), 1u);
  const uint16_t sequence = pair.b.rtp[0]->sequence;
  ASSERT_NE(pair.a.session.FindSent(*stream, sequence), nullptr);
  pair.a.session.CloseStream(*stream);
  EXPECT_EQ(pair.a.session.FindSent(*stream, sequence), nullptr);
}

TEST(Session, CountsWhatStillWaitedForAStreamThatIsClosed) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  const auto stream = pair.a.session.AddStream(Stream(1));
  Admit(pair.a, *stream, 10, {});
  pair.a.session.Admit({.stream = *stream, .source_sequence = 11, .packet = {}, .plan = {}});
  pair.a.session.CloseStream(*stream);
  pair.RunUntil(pair.now + TimeDelta::Millis(50));
  EXPECT_TRUE(pair.b.rtp.empty());
  EXPECT_EQ(pair.a.session.counters().drops[DropReason::kStreamClosed], 1u)
      << "the second carries nothing";
}

TEST(Session, NeverUsesAnSsrcTwice) {
  SimulatedPair pair({});
  const auto stream = pair.a.session.AddStream(Stream(77));
  ASSERT_TRUE(stream);
  pair.a.session.CloseStream(*stream);
  EXPECT_FALSE(pair.a.session.AddStream(Stream(77)));
}

TEST(Session, GivesTransportFeedbackToTheSender) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  ExtensionMap extensions;
  ASSERT_TRUE(extensions.Add(5, RtpExtension::kTransportSequenceNumber));
  pair.b.session.set_receive_extensions(extensions);
  const auto stream = pair.a.session.AddStream(Stream(1));
  for (int64_t i = 0; i < 20; ++i) {
    pair.Send(pair.a, *stream, i, 0, std::vector<uint8_t>{1});
    pair.RunUntil(pair.now + TimeDelta::Millis(5));
  }
  pair.RunUntil(pair.now + TimeDelta::Millis(400));
  size_t received = 0;
  for (const auto& compound : pair.a.rtcp) {
    (void)ForEachRtcp(compound, [&received](const TransportFeedback& feedback) {
      feedback.ForEachStatus(
          [&received](const PacketStatus& status) { received += status.arrival.has_value(); });
    });
  }
  EXPECT_EQ(received, 20u);
}

TEST(Session, KeepsItsPathByConsentAndTellsWhenThePeerIsGone) {
  bool dead = false;
  SimulatedPair pair({.lose = [&dead](Timestamp, BytesView) { return dead; }});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(100'000));
  EXPECT_EQ(pair.a.session.ice().state(), IceState::kConnected);
  EXPECT_EQ(pair.b.session.ice().state(), IceState::kConnected);
  dead = true;
  pair.RunUntil(Timestamp::Millis(131'000));
  EXPECT_THAT(pair.a.events, Contains(SessionEvent::kConnected));
  EXPECT_EQ(pair.a.session.ice().state(), IceState::kDisconnected);
  EXPECT_EQ(pair.b.session.ice().state(), IceState::kDisconnected);
}

TEST(Session, GivesUpAfterThirtySecondsWithoutACheck) {
  SimulatedPair pair({});
  pair.Connect();
  pair.RunUntil(Timestamp::Millis(2000));
  SessionOutput output(pair.b.sink);
  pair.b.session.HandleTimeout(Timestamp::Millis(30'000), output);
  EXPECT_FALSE(output.Has(SessionEvent::kIceTimeout));
  pair.b.session.HandleTimeout(Timestamp::Millis(31'100), output);
  EXPECT_TRUE(output.Has(SessionEvent::kIceTimeout));
}

}  // namespace
}  // namespace confab::rtc
