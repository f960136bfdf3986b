// Plain transports in a worker, beside those with ICE and DTLS.

#include <gtest/gtest.h>

#include "rtc/rtcp/bye.h"
#include "rtc/rtcp/nack.h"
#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtp/parser_test_support.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/stun/stun_writer.h"
#include "sfu/parameters/plain_capabilities.h"
#include "sfu/parameters/supported_capabilities.h"
#include "sfu/testing/simulated_call.h"

namespace confab::sfu {
namespace {

using rtc::ByteVector, rtc::DropReason, rtc::Hex, rtc::RemoteAddress;
using testing::SimulatedCall;

constexpr uint32_t kSsrc = 0x11223344;
constexpr rtc::LocalSocket kRtpSocket{100};
constexpr rtc::LocalSocket kRtcpSocket{101};
const SocketAddress kPeer = SocketAddress::Ipv4({127, 0, 0, 1}, 5004);
const SocketAddress kPeerRtcp = SocketAddress::Ipv4({127, 0, 0, 1}, 5005);

// A sender's as ffmpeg is described: one codec, one ssrc, nothing else.
RtpParameters FfmpegParameters() {
  RtpParameters parameters = testing::Vp8Parameters(kSsrc);
  parameters.mid = "";
  parameters.codecs.resize(1);
  parameters.codecs[0].rtcp_feedback.clear();
  parameters.header_extensions.clear();
  parameters.encodings[0].rtx_ssrc.reset();
  return parameters;
}

// A VP8 packet of a keyframe, or of another frame (RFC 7741 §4.2, §4.3).
ByteVector Vp8(uint16_t sequence, bool keyframe) {
  ByteVector packet = Hex("80e00000 00000000 11223344 1000");
  StoreU16(&packet[2], sequence);
  StoreU32(&packet[4], sequence * 3000u);
  packet[13] = keyframe ? 0x00 : 0x01;
  packet.resize(100);
  return packet;
}

class PlainTransportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    call_.RunFor(TimeDelta::Millis(500));
    call_.worker.AllowPlain({*IpNetwork::Parse("127.0.0.0/8")});
  }
  static PlainTransportOptions Options(RemoteAddress remote) {
    return {.rtp = {kRtpSocket, SocketAddress::Ipv4({127, 0, 0, 1}, 41'000)},
            .rtcp = {},
            .remote = remote,
            .srtp = rtc::SrtpProfile::kClear};
  }
  Transport& AddPlain(const PlainTransportOptions& options) {
    const auto made = call_.worker.CreatePlainTransport(
        call_.now, {.id = "plain", .router_id = "room", .capabilities = {}}, options);
    EXPECT_TRUE(made.has_value());
    return **made;
  }
  void Receive(const rtc::Path& path, const ByteVector& bytes) {
    const rtc::PacketRef packet = call_.worker.AcquirePacket();
    std::ranges::copy(bytes, packet.writable().buffer().begin());
    packet.writable().size = static_cast<uint16_t>(bytes.size());
    packet.writable().received_at = call_.now;
    packet.writable().path = path;
    rtc::PacketRef one = packet;
    call_.worker.Receive(call_.now, {&one, 1});
  }
  // RTP packets, or RTCP compounds, that have gone to the plain peer.
  std::vector<std::pair<rtc::Path, ByteVector>> Sent(rtc::DatagramKind kind) {
    std::vector<std::pair<rtc::Path, ByteVector>> sent;
    for (const auto& each : call_.to_others) {
      if (rtc::ClassifyDatagram(each.second) == kind) sent.push_back(each);
    }
    return sent;
  }
  size_t PlisAt(const SimulatedCall::Client& client) {
    size_t plis = 0;
    for (const auto& compound : client.host->rtcp) {
      (void)rtc::ForEachRtcp(compound, [&plis](const rtc::Pli&) { ++plis; });
    }
    return plis;
  }
  Result<Producer*> ProducePlain(RtpParameters parameters = FfmpegParameters()) {
    return call_.router().Produce(call_.now, "plain",
                                  {.id = "file",
                                   .kind = rtc::MediaKind::kVideo,
                                   .parameters = std::move(parameters),
                                   .cname = "someone"});
  }
  void ReceiveWithAGap() {
    for (const uint16_t i : std::initializer_list<uint16_t>{0, 1, 2, 9, 10}) {
      Receive({kRtpSocket, kPeer}, Vp8(i, i == 0));
    }
  }
  size_t NacksToPeer() {
    size_t nacks = 0;
    for (const auto& [path, compound] : Sent(rtc::DatagramKind::kRtcp)) {
      (void)rtc::ForEachRtcp(compound, [&nacks](const rtc::Nack&) { ++nacks; });
    }
    return nacks;
  }
  Result<Consumer*> ConsumePlain(const std::string& producer) {
    return call_.router().Consume(call_.now, "plain",
                                  {.consumer_id = "recorder", .producer_id = producer}, nullptr);
  }

  SimulatedCall call_;
  SimulatedCall::Client& person_ = call_.AddClient("person");
};

TEST_F(PlainTransportTest, ForwardsFromAPlainProducerToAPeerWithIce) {
  Transport& plain = AddPlain(Options(RemoteAddress::kLearned));
  ASSERT_TRUE(ProducePlain());
  ASSERT_TRUE(call_.Consume(person_, "consumer", "file"));
  (void)call_.worker.TakeEvents();
  for (uint16_t i = 0; i < 5; ++i) Receive({kRtpSocket, kPeer}, Vp8(i, i == 0));
  call_.RunFor(TimeDelta::Millis(50));
  EXPECT_EQ(person_.host->rtp.size(), 5u);
  EXPECT_TRUE(plain.session().connected());
  ASSERT_FALSE(call_.events.empty());
  const auto* connected = std::get_if<TransportConnected>(&call_.events.back());
  ASSERT_NE(connected, nullptr);
  EXPECT_EQ(connected->transport_id, "plain");
}

TEST_F(PlainTransportTest, LearnsFromTheStreamsOfItsProducersOnly) {
  Transport& plain = AddPlain(Options(RemoteAddress::kLearned));
  Receive({kRtpSocket, kPeerRtcp}, Vp8(0, true));
  EXPECT_FALSE(plain.session().connected()) << "nothing is produced yet";
  ASSERT_TRUE(ProducePlain());
  ByteVector other = Vp8(0, true);
  other[11] ^= 1;
  Receive({kRtpSocket, kPeerRtcp}, other);
  EXPECT_FALSE(plain.session().connected());
  EXPECT_EQ(plain.session().counters().drops[DropReason::kUnknownSsrc], 2u);
  Receive({kRtpSocket, kPeer}, Vp8(1, true));
  EXPECT_TRUE(plain.session().connected());
  EXPECT_EQ(plain.session().send_path(), (rtc::Path{kRtpSocket, kPeer}));
}

TEST_F(PlainTransportTest, SendsAPlainConsumerNothingThatItDidNotAskFor) {
  ASSERT_TRUE(call_.ProduceVideo(person_, "camera", 1234));
  Transport& plain = AddPlain(Options(RemoteAddress::kGiven));
  const auto consumer = ConsumePlain("camera");
  ASSERT_TRUE(consumer);
  const RtpParameters& parameters = (*consumer)->parameters();
  ASSERT_EQ(parameters.codecs.size(), 1u) << "no RTX";
  EXPECT_TRUE(parameters.header_extensions.empty());
  EXPECT_FALSE(parameters.encodings[0].rtx_ssrc);
  call_.SendFrame(person_, 0, true);
  call_.RunFor(TimeDelta::Millis(50));
  EXPECT_TRUE(call_.to_others.empty()) << "not before it is connected";
  const PlainRemote remote{.rtp = kPeer, .rtcp_port = {}, .key = {}};
  ASSERT_TRUE(call_.worker.ConnectPlainTransport(call_.now, plain, remote));
  call_.RunFor(TimeDelta::Millis(50));
  const auto sent = Sent(rtc::DatagramKind::kRtp);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].first, (rtc::Path{kRtpSocket, kPeer}));
  const auto header = rtc::ParseRtpHeader(sent[0].second);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->ssrc, (*consumer)->ssrc());
  EXPECT_EQ(header->payload_type.value(), parameters.codecs[0].payload_type);
  EXPECT_EQ(header->header_size, 12u) << "no extensions";
  EXPECT_EQ(sent[0].second.size(), 1012u) << "nothing added";
}

TEST_F(PlainTransportTest, GivesRtxAndExtensionsToAReceiverThatAsks) {
  ASSERT_TRUE(call_.ProduceVideo(person_, "camera", 1234));
  (void)AddPlain(Options(RemoteAddress::kGiven));
  const auto consumer = call_.router().Consume(call_.now, "plain",
                                               {.consumer_id = "recorder", .producer_id = "camera"},
                                               &RouterRtpCapabilities());
  ASSERT_TRUE(consumer);
  EXPECT_TRUE((*consumer)->parameters().encodings[0].rtx_ssrc);
  EXPECT_FALSE((*consumer)->parameters().header_extensions.empty());
}

TEST_F(PlainTransportTest, AsksForAKeyframeForEveryPlainConsumerThatStarts) {
  ASSERT_TRUE(call_.ProduceVideo(person_, "camera", 1234));
  call_.SendFrame(person_, 0, true);
  call_.RunFor(TimeDelta::Millis(50));
  Transport& plain = AddPlain(Options(RemoteAddress::kGiven));
  ASSERT_TRUE(ConsumePlain("camera"));
  call_.RunFor(TimeDelta::Millis(50));
  EXPECT_EQ(PlisAt(person_), 0u);
  const PlainRemote remote{.rtp = kPeer, .rtcp_port = {}, .key = {}};
  ASSERT_TRUE(call_.worker.ConnectPlainTransport(call_.now, plain, remote));
  call_.RunFor(TimeDelta::Millis(50));
  EXPECT_EQ(PlisAt(person_), 1u) << "though a keyframe is cached";
  EXPECT_EQ(Sent(rtc::DatagramKind::kRtp).size(), 1u) << "which it begins with";
}

TEST_F(PlainTransportTest, NeitherAcknowledgesNorAsksForWhatWasNotNegotiated) {
  (void)AddPlain(Options(RemoteAddress::kLearned));
  ASSERT_TRUE(ProducePlain());
  ReceiveWithAGap();
  call_.RunFor(TimeDelta::Seconds(3));
  size_t reports = 0;
  struct Visitor {
    size_t& reports;
    void operator()(const rtc::ReceiverReport&) const { ++reports; }
    void operator()(const rtc::Nack&) const { ADD_FAILURE() << "NACK"; }
    void operator()(const rtc::TransportFeedback&) const { ADD_FAILURE() << "transport-cc"; }
  };
  for (const auto& [path, compound] : Sent(rtc::DatagramKind::kRtcp)) {
    (void)rtc::ForEachRtcp(compound, Visitor{reports});
  }
  EXPECT_GE(reports, 2u);
}

TEST_F(PlainTransportTest, AsksForRepetitionsWhereNackWasNegotiatedAndRtxIsThere) {
  for (const bool negotiates : {true, false}) {
    SCOPED_TRACE(negotiates);
    Transport& plain = AddPlain(Options(RemoteAddress::kLearned));
    RtpParameters parameters = testing::Vp8Parameters(kSsrc);
    parameters.mid = "";
    if (!negotiates) parameters.codecs[0].rtcp_feedback.clear();
    ASSERT_TRUE(ProducePlain(std::move(parameters)));
    ReceiveWithAGap();
    call_.RunFor(TimeDelta::Millis(300));
    EXPECT_EQ(NacksToPeer() > 0, negotiates);
    call_.to_others.clear();
    (void)call_.worker.CloseTransport(plain);
  }
}

TEST_F(PlainTransportTest, SaysByeForAConsumerThatIsClosed) {
  ASSERT_TRUE(call_.ProduceVideo(person_, "camera", 1234));
  Transport& plain = AddPlain(Options(RemoteAddress::kGiven));
  const auto consumer = ConsumePlain("camera");
  ASSERT_TRUE(consumer);
  const rtc::Ssrc ssrc = (*consumer)->ssrc();
  const PlainRemote remote{.rtp = kPeer, .rtcp_port = {}, .key = {}};
  ASSERT_TRUE(call_.worker.ConnectPlainTransport(call_.now, plain, remote));
  call_.RunFor(TimeDelta::Millis(50));
  (void)call_.router().CloseProducer(**call_.router().FindProducer("camera"));
  call_.RunFor(TimeDelta::Millis(50));
  std::vector<rtc::Ssrc> gone;
  for (const auto& [path, compound] : Sent(rtc::DatagramKind::kRtcp)) {
    (void)rtc::ForEachRtcp(compound, [&gone](const rtc::Bye& bye) {
      gone.insert(gone.end(), bye.ssrcs.begin(), bye.ssrcs.end());
    });
  }
  EXPECT_EQ(gone, std::vector{ssrc});
}

TEST_F(PlainTransportTest, SpeaksRtcpOverTheSecondSocket) {
  PlainTransportOptions options = Options(RemoteAddress::kLearned);
  options.rtcp = {kRtcpSocket, SocketAddress::Ipv4({127, 0, 0, 1}, 41'001)};
  (void)AddPlain(options);
  ASSERT_TRUE(ProducePlain());
  Receive({kRtpSocket, kPeer}, Vp8(0, true));
  // An empty sender report.
  Receive({kRtcpSocket, kPeerRtcp},
          Hex("80c80006 11223344 00000000 00000000 00000000 00000000 00000000"));
  call_.RunFor(TimeDelta::Seconds(2));
  const auto sent = Sent(rtc::DatagramKind::kRtcp);
  ASSERT_FALSE(sent.empty());
  for (const auto& [path, compound] : sent) EXPECT_EQ(path, (rtc::Path{kRtcpSocket, kPeerRtcp}));
}

TEST_F(PlainTransportTest, DropsStunOnAPlainSocketWhoeverItNames) {
  Transport& plain = AddPlain(Options(RemoteAddress::kLearned));
  const rtc::Session& person = (*call_.router().FindTransport("person"))->session();
  const std::string username = person.ice().local_credentials().ufrag + ":x";
  // A Binding request with that USERNAME, unauthenticated: over a media port it gets a 400.
  ByteVector request = Hex("00010000 2112a442 000102030405060708090a0b 0006");
  request.push_back(0);
  request.push_back(static_cast<uint8_t>(username.size()));
  request.insert(request.end(), username.begin(), username.end());
  while (request.size() % 4 != 0) request.push_back(0);
  request[3] = static_cast<uint8_t>(request.size() - 20);
  call_.to_others.clear();
  Receive({rtc::LocalSocket(0), kPeer}, request);
  call_.RunFor(TimeDelta::Millis(10));
  ASSERT_EQ(call_.to_others.size(), 1u) << "the request is one that is answered elsewhere";
  call_.to_others.clear();
  Receive({kRtpSocket, kPeer}, request);
  call_.RunFor(TimeDelta::Millis(10));
  EXPECT_TRUE(call_.to_others.empty());
  EXPECT_EQ(plain.session().counters().drops[DropReason::kUnknownKind], 1u);
}

TEST_F(PlainTransportTest, IsSwitchedOffWhereNoNetworksAreNamed) {
  call_.worker.AllowPlain({});
  const auto made = call_.worker.CreatePlainTransport(
      call_.now, {.id = "plain", .router_id = "room", .capabilities = {}},
      Options(RemoteAddress::kLearned));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kForbidden);
  EXPECT_NE(made.error().message.find("media.plain_rtp_networks"), std::string::npos);
}

TEST_F(PlainTransportTest, TakesSoManyAndNoMoreUntilOneIsClosed) {
  const auto add = [this](uint32_t i) {
    PlainTransportOptions options = Options(RemoteAddress::kLearned);
    options.rtp.number = rtc::LocalSocket(1000 + 2 * i);
    options.rtcp = {rtc::LocalSocket(1001 + 2 * i), options.rtp.address};
    return call_.worker.CreatePlainTransport(
        call_.now, {.id = std::to_string(i), .router_id = "room", .capabilities = {}}, options);
  };
  for (uint32_t i = 0; i < Worker::kMaxPlainTransports; ++i) ASSERT_TRUE(add(i)) << i;
  const auto refused = add(Worker::kMaxPlainTransports);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  (void)call_.worker.CloseTransport(**call_.router().FindTransport("3"));
  EXPECT_TRUE(add(Worker::kMaxPlainTransports));
}

TEST_F(PlainTransportTest, TellsWhichSocketsAreNoLongerNeeded) {
  PlainTransportOptions options = Options(RemoteAddress::kLearned);
  options.rtcp = {kRtcpSocket, SocketAddress::Ipv4({127, 0, 0, 1}, 41'001)};
  Transport& plain = AddPlain(options);
  EXPECT_TRUE(call_.worker.TakeClosedSockets().empty());
  (void)call_.worker.CloseTransport(plain);
  auto closed = call_.worker.TakeClosedSockets();
  std::ranges::sort(closed);
  EXPECT_EQ(closed, (std::vector{kRtpSocket, kRtcpSocket}));
  EXPECT_TRUE(call_.worker.TakeClosedSockets().empty()) << "told once";
  (void)AddPlain(options);
  call_.worker.CloseRouter(call_.router());
  EXPECT_EQ(call_.worker.TakeClosedSockets().size(), 2u);
  Receive({kRtpSocket, kPeer}, Vp8(0, true));
  EXPECT_EQ(call_.worker.counters().drops[DropReason::kUnknownPath], 1u);
}

TEST_F(PlainTransportTest, IsNotConnectedByDtlsNorTheOtherKindByAddress) {
  Transport& plain = AddPlain(Options(RemoteAddress::kGiven));
  const auto by_dtls = call_.worker.ConnectTransport(
      call_.now, plain, {.fingerprints = {call_.client_certificate.fingerprint()}});
  ASSERT_FALSE(by_dtls);
  EXPECT_EQ(by_dtls.error().code, ErrorCode::kInvalidState);
  const auto by_address =
      call_.worker.ConnectPlainTransport(call_.now, **call_.router().FindTransport("person"),
                                         {.rtp = kPeer, .rtcp_port = {}, .key = {}});
  ASSERT_FALSE(by_address);
  EXPECT_EQ(by_address.error().code, ErrorCode::kInvalidState);
}

TEST(PlainRtpCapabilities, HoldEveryCodecOfTheRouterAndLittleElse) {
  const RtpCapabilities& plain = PlainRtpCapabilities();
  EXPECT_TRUE(plain.header_extensions.empty());
  size_t media_codecs = 0;
  for (const auto& codec : RouterRtpCapabilities().codecs) {
    if (!codec.mime_type.ends_with("/rtx")) ++media_codecs;
  }
  EXPECT_EQ(plain.codecs.size(), media_codecs);
  for (const auto& codec : plain.codecs) {
    for (const auto& feedback : codec.rtcp_feedback) {
      EXPECT_TRUE(feedback.parameter == "pli" || feedback.parameter == "fir") << feedback.type;
    }
  }
}

}  // namespace
}  // namespace confab::sfu
