// Sessions without ICE and DTLS: where their peer is, and what they take from whom.

#include <gtest/gtest.h>

#include "rtc/rtp/parser_test_support.h"
#include "rtc/testing/plain_host.h"

namespace confab::rtc {
namespace {

using testing::GivenKeyPair, testing::PlainHost;

constexpr Timestamp kNow = Timestamp::Millis(1000);
constexpr LocalSocket kRtpSocket{7};
constexpr LocalSocket kRtcpSocket{8};
constexpr Ssrc kSsrc{0x11223344};

const SocketAddress kPeer = SocketAddress::Ipv4({127, 0, 0, 1}, 5004);
const SocketAddress kPeerRtcp = SocketAddress::Ipv4({127, 0, 0, 1}, 5005);
const SocketAddress kStranger = SocketAddress::Ipv4({127, 0, 0, 2}, 5004);
const SocketAddress kOutside = SocketAddress::Ipv4({192, 0, 2, 1}, 5004);

enum class Ports : uint8_t { kOne, kTwo };

PlainPathOptions Options(RemoteAddress remote, Ports ports = Ports::kOne) {
  return {.rtp = kRtpSocket,
          .rtcp = ports == Ports::kOne ? kRtpSocket : kRtcpSocket,
          .remote = remote,
          .networks = {*IpNetwork::Parse("127.0.0.0/8")}};
}

ByteVector Rtp(uint16_t sequence, uint8_t payload = 0x55) {
  ByteVector packet = Hex("8060 0000 00000010 11223344");
  StoreU16(&packet[2], sequence);
  packet.resize(packet.size() + 20, payload);
  return packet;
}

// An empty receiver report of whom is heard, and a picture loss indication.
ByteVector Rtcp() {
  return Hex("80c90001 11223344  81ce0002 11223344 00000009");
}

ByteVector Stun() {
  return Hex("00010000 2112a442 000102030405060708090a0b");
}

OutgoingStreamConfig ClearStream() {
  return {.ssrc = Ssrc(4711), .payload_type = PayloadType(96), .mid = {}, .extensions = {}};
}

// A plain session without SRTP, and a stream that it wants to send.
struct Clear : PlainHost {
  explicit Clear(PlainPathOptions options) : PlainHost(1, std::move(options)) {
    const GivenKeyPair none(SrtpProfile::kClear);
    GiveKeys(none.ours);
    stream = *session.AddStream(ClearStream());
    session.ExpectReceivedStream(kSsrc);
  }
  // Receives, and tells whether anything was taken.
  bool Takes(BytesView bytes, const SocketAddress& from, LocalSocket local = kRtpSocket) {
    const size_t before = rtp.size() + rtcp.size();
    PlainHost::Receive(kNow, {local, from}, bytes);
    return rtp.size() + rtcp.size() > before;
  }
  // Where a packet of the stream goes now.
  std::optional<Path> Sends() {
    Admit(stream, ++sequence, Hex("0102030405"));
    const auto sent = TakeDatagrams(kNow);
    return sent.empty() ? std::nullopt : std::optional(sent.back().path);
  }
  std::optional<Path> SendsRtcp() {
    session.AdmitRtcp(Rtcp());
    const auto sent = TakeDatagrams(kNow);
    return sent.empty() ? std::nullopt : std::optional(sent.back().path);
  }
  OutgoingStreamIndex stream;
  int64_t sequence = 0;
};

class PlainSessions : public ::testing::TestWithParam<SrtpProfile> {};

TEST_P(PlainSessions, CarryMediaAndRtcpBothWays) {
  const GivenKeyPair keys(GetParam());
  PlainHost server(1, Options(RemoteAddress::kLearned));
  PlainHost peer(2, Options(RemoteAddress::kGiven));
  server.GiveKeys(keys.ours);
  peer.GiveKeys(keys.theirs);
  peer.FixPath(kPeer, kPeer);
  EXPECT_TRUE(peer.told_connected);
  const ByteVector payload = Hex("0102030405");
  for (PlainHost* from : {&peer, &server}) {
    PlainHost& to = from == &peer ? server : peer;
    from->Admit(*from->session.AddStream(ClearStream()), 70'000, payload);
    from->session.AdmitRtcp(Rtcp());
    for (const auto& each : from->TakeDatagrams(kNow)) to.Receive(kNow, each.path, each.bytes);
    ASSERT_EQ(to.rtp.size(), 1u);
    EXPECT_EQ(to.rtp[0]->ssrc, Ssrc(4711));
    EXPECT_TRUE(std::ranges::equal(to.rtp[0]->payload(), payload));
    ASSERT_EQ(to.rtcp.size(), 1u);
    EXPECT_EQ(to.rtcp[0], Rtcp());
  }
}

INSTANTIATE_TEST_SUITE_P(All, PlainSessions,
                         ::testing::Values(SrtpProfile::kClear, SrtpProfile::kAeadAes128Gcm,
                                           SrtpProfile::kAeadAes256Gcm,
                                           SrtpProfile::kAesCm128HmacSha1_80));

TEST(PlainSession, PutsClearRtpOnTheWireWithNothingAdded) {
  Clear host(Options(RemoteAddress::kGiven));
  host.FixPath(kPeer, kPeer);
  host.Admit(host.stream, 1, Hex("0102030405"));
  host.session.AdmitRtcp(Rtcp());
  const auto sent = host.TakeDatagrams(kNow);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].bytes, Rtcp());
  ByteVector rtp = Hex("8060 0000 00000000 00001267 0102030405");
  std::copy_n(&sent[1].bytes[2], 2, &rtp[2]);  // the first number is random
  EXPECT_EQ(sent[1].bytes, rtp);
}

TEST(PlainSession, SendsNothingBeforeItKnowsWhere) {
  Clear host(Options(RemoteAddress::kLearned));
  EXPECT_FALSE(host.session.connected());
  EXPECT_FALSE(host.told_connected);
  EXPECT_FALSE(host.Sends());
  EXPECT_FALSE(host.SendsRtcp());
  EXPECT_EQ(host.dropped(DropReason::kNoPath), 1u);
  ASSERT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_TRUE(host.session.connected());
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer}));
  EXPECT_EQ(host.SendsRtcp(), (Path{kRtpSocket, kPeer}));
}

TEST(PlainSession, LearnsNothingFromWhatIsNotValid) {
  Clear host(Options(RemoteAddress::kLearned));
  ByteVector bad_padding = Rtp(1);
  bad_padding[0] |= 0x20;
  bad_padding.back() = 21;
  ByteVector bad_length = Rtcp();
  bad_length[11] = 3;
  uint64_t malformed = 0;
  for (const ByteVector& each : {bad_padding, bad_length, Hex("8060"), Hex("80c9")}) {
    EXPECT_FALSE(host.Takes(each, kStranger));
    EXPECT_EQ(host.dropped(DropReason::kMalformed), ++malformed);
  }
  for (const ByteVector& each : {Stun(), Hex("16fefd00"), Hex("ffff"), Hex("")}) {
    EXPECT_FALSE(host.Takes(each, kStranger));
  }
  EXPECT_EQ(host.dropped(DropReason::kUnknownKind), 4u);
  EXPECT_TRUE(host.sink.empty()) << "STUN is not answered";
  EXPECT_FALSE(host.Sends());
  // Nor has the one with the bad padding moved the window of its ssrc.
  EXPECT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer}));
}

TEST(PlainSession, TakesEveryTruncationWithoutHarm) {
  for (const ByteVector& whole : {Rtp(1), Rtcp()}) {
    ForEachTruncation(whole, [&](BytesView part) {
      Clear host(Options(RemoteAddress::kLearned));
      const bool takes = host.Takes(part, kPeer);
      EXPECT_EQ(host.session.connected(), takes);
      EXPECT_FALSE(takes && part.size() < 8) << part.size();
      EXPECT_TRUE(takes || part.size() < whole.size());
    });
  }
}

TEST(PlainSession, StaysWithWhoCameFirst) {
  Clear host(Options(RemoteAddress::kLearned));
  ASSERT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_FALSE(host.Takes(Rtp(2), kStranger));
  EXPECT_FALSE(host.Takes(Rtcp(), kStranger));
  EXPECT_FALSE(host.Takes(Rtp(2), kPeerRtcp)) << "another port is another source";
  EXPECT_EQ(host.dropped(DropReason::kUnknownPath), 3u);
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer}));
  EXPECT_TRUE(host.Takes(Rtp(2), kPeer)) << "a stranger's number did not count";
}

// Whose packets still come to a port that another had before, perhaps in a process that has died.
TEST(PlainSession, LearnsFromNoStreamThatIsNotExpected) {
  Clear host(Options(RemoteAddress::kLearned));
  ByteVector other = Rtp(1);
  other[11] ^= 1;
  ByteVector other_rtcp = Rtcp();
  other_rtcp[7] ^= 1;
  EXPECT_FALSE(host.Takes(other, kStranger));
  EXPECT_FALSE(host.Takes(other_rtcp, kStranger));
  EXPECT_EQ(host.dropped(DropReason::kUnknownSsrc), 2u);
  ASSERT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer}));
  EXPECT_TRUE(host.Takes(other, kPeer)) << "once the peer is known its streams are its own affair";
}

TEST(PlainSession, LearnsFromNoRtpBeforeAStreamIsExpected) {
  Clear host(Options(RemoteAddress::kLearned));
  host.session.ForgetReceivedStream(kSsrc);
  EXPECT_FALSE(host.Takes(Rtp(1), kStranger));
  EXPECT_TRUE(host.Takes(Rtcp(), kPeer)) << "one that only listens sends nothing else";
}

TEST(PlainSession, LearnsFromAnyStreamWhereTheExpectedSsrcIsNotKnown) {
  Clear host(Options(RemoteAddress::kLearned));
  host.session.ForgetReceivedStream(kSsrc);
  host.session.ExpectReceivedStream(std::nullopt);
  EXPECT_TRUE(host.Takes(Rtp(1), kPeer));
}

TEST(PlainSession, StaysWithTheFirstOfOneBatch) {
  Clear host(Options(RemoteAddress::kLearned));
  const std::vector<PlainHost::Datagram> batch = {{{kRtpSocket, kPeer}, Rtp(1)},
                                                  {{kRtpSocket, kStranger}, Rtp(2)},
                                                  {{kRtpSocket, kPeer}, Rtp(2)}};
  host.PlainHost::Receive(kNow, batch);
  ASSERT_EQ(host.rtp.size(), 2u);
  EXPECT_EQ(host.rtp[1]->path.remote, kPeer);
  EXPECT_EQ(host.dropped(DropReason::kUnknownPath), 1u);
}

TEST(PlainSession, LearnsFromAllowedNetworksOnly) {
  Clear host(Options(RemoteAddress::kLearned));
  EXPECT_FALSE(host.Takes(Rtp(1), kOutside));
  EXPECT_EQ(host.dropped(DropReason::kForbiddenNetwork), 1u);
  EXPECT_FALSE(host.session.connected());
  EXPECT_TRUE(host.Takes(Rtp(1), kPeer));
}

TEST(PlainSession, TakesFromAGivenAddressOnlyAndFromNobodyBefore) {
  Clear host(Options(RemoteAddress::kGiven));
  EXPECT_FALSE(host.Takes(Rtp(1), kPeer));
  EXPECT_FALSE(host.Sends());
  host.FixPath(kPeer, kPeer);
  EXPECT_TRUE(host.told_connected);
  EXPECT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_FALSE(host.Takes(Rtp(2), kStranger));
  EXPECT_EQ(host.dropped(DropReason::kUnknownPath), 2u);
  host.FixPath(kStranger, kStranger);
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer})) << "given once";
}

TEST(PlainSession, SendsRtcpFromItsSecondSocketToTheSecondAddress) {
  Clear host(Options(RemoteAddress::kGiven, Ports::kTwo));
  host.FixPath(kPeer, kPeerRtcp);
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer}));
  EXPECT_EQ(host.SendsRtcp(), (Path{kRtcpSocket, kPeerRtcp}));
  EXPECT_TRUE(host.Takes(Rtcp(), kPeerRtcp, kRtcpSocket));
  EXPECT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_FALSE(host.Takes(Rtcp(), kPeer)) << "not muxed";
  EXPECT_FALSE(host.Takes(Rtp(2), kPeerRtcp, kRtcpSocket));
  EXPECT_EQ(host.dropped(DropReason::kUnknownPath), 2u);
}

TEST(PlainSession, LearnsTheTwoAddressesApart) {
  Clear host(Options(RemoteAddress::kLearned, Ports::kTwo));
  EXPECT_FALSE(host.Takes(Rtcp(), kPeer)) << "RTCP on the RTP port";
  EXPECT_TRUE(host.Takes(Rtcp(), kPeerRtcp, kRtcpSocket));
  EXPECT_FALSE(host.session.connected());
  EXPECT_FALSE(host.SendsRtcp()) << "nothing goes out while media has no address";
  EXPECT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer}));
  EXPECT_EQ(host.SendsRtcp(), (Path{kRtcpSocket, kPeerRtcp}));
}

TEST(PlainSession, KeepsRtcpBackUntilItsOwnAddressIsLearned) {
  Clear host(Options(RemoteAddress::kLearned, Ports::kTwo));
  ASSERT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_EQ(host.Sends(), (Path{kRtpSocket, kPeer}));
  EXPECT_FALSE(host.SendsRtcp());
  EXPECT_FALSE(host.session.has_work()) << "nor does it wait for ever";
}

TEST(PlainSession, DropsARepeatedRtpPacketAndTakesRepeatedRtcp) {
  Clear host(Options(RemoteAddress::kLearned));
  EXPECT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_FALSE(host.Takes(Rtp(1), kPeer));
  EXPECT_EQ(host.dropped(DropReason::kReplayed), 1u);
  EXPECT_TRUE(host.Takes(Rtcp(), kPeer));
  EXPECT_TRUE(host.Takes(Rtcp(), kPeer));
}

TEST(PlainSession, IsNobodyWhoseAddressMayHaveChanged) {
  Clear host(Options(RemoteAddress::kLearned));
  ASSERT_TRUE(host.Takes(Rtp(1), kPeer));
  EXPECT_FALSE(host.session.CouldOpen(DatagramKind::kRtp, kSsrc, Rtp(2)));
}

class ProtectedPlainSessions : public ::testing::TestWithParam<SrtpProfile> {
 protected:
  ProtectedPlainSessions() {
    peer_.GiveKeys(keys_.theirs);
    peer_.FixPath(kPeer, kPeer);
  }
  // One protected packet of the peer.
  ByteVector Sealed() {
    if (!stream_) stream_ = *peer_.session.AddStream(ClearStream());
    peer_.Admit(*stream_, ++sequence_, Hex("0102030405"));
    return peer_.TakeDatagrams(kNow).at(0).bytes;
  }
  ByteVector SealedRtcp() {
    peer_.session.AdmitRtcp(Rtcp());
    return peer_.TakeDatagrams(kNow).at(0).bytes;
  }
  void Receive(const SocketAddress& from, const ByteVector& bytes) {
    server_.Receive(kNow, {kRtpSocket, from}, bytes);
  }

  GivenKeyPair keys_{GetParam()};
  PlainHost server_{1, Options(RemoteAddress::kLearned)};
  PlainHost peer_{2, Options(RemoteAddress::kGiven)};
  std::optional<OutgoingStreamIndex> stream_;
  int64_t sequence_ = 0;
};

TEST_P(ProtectedPlainSessions, TakeNothingBeforeTheKeys) {
  Receive(kPeer, Sealed());
  EXPECT_EQ(server_.dropped(DropReason::kNoKeys), 1u);
  server_.GiveKeys(keys_.ours);
  EXPECT_FALSE(server_.session.connected());
  Receive(kPeer, Sealed());
  EXPECT_TRUE(server_.session.connected());
}

TEST_P(ProtectedPlainSessions, LearnFromWhatAuthenticatesOnly) {
  server_.GiveKeys(keys_.ours);
  ByteVector forged = Sealed();
  forged.back() ^= 1;
  Receive(kStranger, forged);
  Receive(kStranger, Rtp(1));
  EXPECT_EQ(server_.dropped(DropReason::kAuthentication), 2u);
  EXPECT_FALSE(server_.session.connected());
  Receive(kPeer, SealedRtcp());
  EXPECT_TRUE(server_.session.connected());
  EXPECT_EQ(server_.session.send_path(), (Path{kRtpSocket, kPeer}));
}

TEST_P(ProtectedPlainSessions, DropWhatIsRepeated) {
  server_.GiveKeys(keys_.ours);
  for (const ByteVector& each : {Sealed(), SealedRtcp()}) {
    Receive(kPeer, each);
    Receive(kPeer, each);
    Receive(kStranger, each);
  }
  EXPECT_EQ(server_.rtp.size(), 1u);
  EXPECT_EQ(server_.rtcp.size(), 1u);
  EXPECT_EQ(server_.dropped(DropReason::kReplayed), 2u);
  EXPECT_EQ(server_.dropped(DropReason::kUnknownPath), 2u);
}

TEST_P(ProtectedPlainSessions, TakeEveryTruncationWithoutHarm) {
  server_.GiveKeys(keys_.ours);
  for (const ByteVector& whole : {Sealed(), SealedRtcp()}) {
    ForEachTruncation(whole, [&](BytesView part) {
      if (part.size() == whole.size()) return;
      server_.Receive(kNow, {kRtpSocket, kPeer}, part);
    });
  }
  EXPECT_FALSE(server_.session.connected());
  EXPECT_TRUE(server_.rtp.empty());
  EXPECT_TRUE(server_.rtcp.empty());
}

INSTANTIATE_TEST_SUITE_P(All, ProtectedPlainSessions,
                         ::testing::Values(SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                           SrtpProfile::kAesCm128HmacSha1_80));

}  // namespace
}  // namespace confab::rtc
