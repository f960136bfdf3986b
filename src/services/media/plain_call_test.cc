// Plain transports over real sockets: through the gRPC contract, the worker's thread and loopback.

#include <gtest/gtest.h>

#include <poll.h>

#include "base/base64.h"
#include "confab/media/v1/media.grpc.pb.h"
#include "net/clock.h"
#include "rtc/rtp/parser_test_support.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/srtp/srtp_profile_names.h"
#include "rtc/srtp/srtp_suite.h"
#include "rtc/testing/plain_host.h"
#include "services/media/convert/plain_proto.h"
#include "services/media/convert/rtp_to_proto.h"
#include "services/media/convert/transport_proto.h"
#include "services/media/media_service.h"
#include "services/media/testing/loopback.h"
#include "services/media/testing/test_participant.h"
#include "sfu/parameters/supported_capabilities.h"
#include "sfu/testing/simulated_call.h"

namespace confab::media {
namespace {

using rtc::ByteVector, rtc::Hex;
using testing::kLoopback, testing::RunUntil, testing::TestParticipant;

constexpr uint32_t kSsrc = 0x11223344;

// A VP8 keyframe in one packet.
ByteVector Keyframe(uint16_t sequence) {
  ByteVector packet = Hex("80e00000 00000000 11223344 1000");
  StoreU16(&packet[2], sequence);
  StoreU32(&packet[4], sequence * 3000u);
  packet.resize(100);
  return packet;
}

sfu::RtpParameters FfmpegParameters() {
  sfu::RtpParameters parameters = sfu::testing::Vp8Parameters(kSsrc);
  parameters.mid = "";
  parameters.codecs.resize(1);
  parameters.codecs[0].rtcp_feedback.clear();
  parameters.header_extensions.clear();
  parameters.encodings[0].rtx_ssrc.reset();
  return parameters;
}

// A UDP socket as ffmpeg has one.
class PlainPeer {
 public:
  struct Received {
    SocketAddress from;
    ByteVector bytes;
  };
  PlainPeer() : socket_(std::move(*net::UdpSocket::Bind(kLoopback))) {}

  SocketAddress local() const { return socket_.local(); }
  void Send(const pb::TransportTuple& to, BytesView bytes) {
    const auto address =
        *SocketAddress::Parse(to.local_ip(), static_cast<uint16_t>(to.local_port()));
    const net::UdpSendRun run{address, bytes, static_cast<uint16_t>(bytes.size())};
    EXPECT_EQ(socket_.Send({&run, 1}).datagrams, 1u);
  }
  // What has come; waits `wait_ms` at most for the first.
  std::vector<Received> Receive(int wait_ms) {
    pollfd ready{socket_.fd(), POLLIN, 0};
    poll(&ready, 1, wait_ms);
    std::array<std::array<uint8_t, rtc::kMaxPacketSize>, 16> buffers;
    std::array<net::UdpReceiveSlot, 16> slots;
    for (size_t i = 0; i < slots.size(); ++i) slots[i].buffer = buffers[i];
    const size_t got = socket_.Receive(slots, net::MonotonicNow(), net::UnixMicrosNow());
    std::vector<Received> all;
    for (size_t i = 0; i < got; ++i) {
      const auto begin = buffers[i].begin();
      all.push_back({slots[i].from, {begin, begin + static_cast<ptrdiff_t>(slots[i].size)}});
    }
    return all;
  }

 private:
  net::UdpSocket socket_;
};

class PlainCallTest : public ::testing::Test {
 protected:
  void SetUp() override { Start({*IpNetwork::Parse("127.0.0.0/8")}); }

  void Start(std::vector<IpNetwork> networks) {
    stub_.reset();
    service_.reset();
    auto started = MediaService::Start({.listen = {kLoopback},
                                        .announce = {},
                                        .port = 0,
                                        .workers = 1,
                                        .checks = {rpc::AdmitEveryone(), rpc::AdmitEveryone()},
                                        .plain_rtp = {.networks = std::move(networks)}});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    service_ = std::move(*started);
    stub_ = pb::Media::NewStub(service_->InProcessChannel(rpc::FixedToken("test")));
  }

  static pb::CreatePlainTransportRequest CreateRequest(const std::string& id) {
    pb::CreatePlainTransportRequest request;
    request.set_router_id("room");
    request.set_transport_id(id);
    return request;
  }
  static pb::CreatePlainTransportRequest ComediaRequest(const std::string& id) {
    auto request = CreateRequest(id);
    request.set_comedia(true);
    return request;
  }
  grpc::Status Create(const pb::CreatePlainTransportRequest& request,
                      pb::CreatePlainTransportResponse& response) {
    grpc::ClientContext context;
    return stub_->CreatePlainTransport(&context, request, &response);
  }
  static pb::ConnectPlainTransportRequest ConnectRequest(const std::string& id,
                                                         const SocketAddress& to) {
    pb::ConnectPlainTransportRequest request;
    request.set_router_id("room");
    request.set_transport_id(id);
    request.set_ip(to.IpToString());
    request.set_port(to.port());
    return request;
  }
  grpc::Status Connect(const pb::ConnectPlainTransportRequest& request,
                       pb::ConnectPlainTransportResponse& response) {
    grpc::ClientContext context;
    return stub_->ConnectPlainTransport(&context, request, &response);
  }
  void Produce(const std::string& transport, const sfu::RtpParameters& parameters) {
    grpc::ClientContext context;
    pb::ProduceRequest request;
    request.set_router_id("room");
    request.set_transport_id(transport);
    request.set_producer_id(transport + "-video");
    request.set_kind("video");
    request.set_cname("someone");
    *request.mutable_rtp_parameters() = ToProto(parameters);
    pb::ProduceResponse response;
    const grpc::Status status = stub_->Produce(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  pb::ConsumeResult Consume(const std::string& transport, const std::string& producer) {
    grpc::ClientContext context;
    pb::ConsumeRequest request;
    request.set_router_id("room");
    request.set_transport_id(transport);
    pb::ConsumeItem& item = *request.add_items();
    item.set_consumer_id(transport + "-of-" + producer);
    item.set_producer_id(producer);
    pb::ConsumeResponse response;
    EXPECT_TRUE(stub_->Consume(&context, request, &response).ok());
    EXPECT_EQ(response.results_size(), 1);
    EXPECT_EQ(response.results(0).error(), "");
    return response.results(0);
  }
  void Close(const std::string& transport) {
    grpc::ClientContext context;
    pb::CloseRequest request;
    request.set_router_id("room");
    request.add_transport_ids(transport);
    pb::MediaIdsResponse response;
    EXPECT_TRUE(stub_->Close(&context, request, &response).ok());
  }
  pb::TransportStats StatsOf(const std::string& transport) {
    grpc::ClientContext context;
    pb::StatsRequest request;
    request.set_router_id("room");
    request.add_transport_ids(transport);
    pb::StatsResponse response;
    EXPECT_TRUE(stub_->Stats(&context, request, &response).ok());
    return response.transports_size() == 1 ? response.transports(0) : pb::TransportStats();
  }
  // Asks until the transport has counted a drop for this reason.
  bool HasDropped(const std::string& transport, const std::string& reason, uint64_t count) {
    const Timestamp end = net::MonotonicNow() + testing::kRunLimit;
    while (net::MonotonicNow() < end) {
      const auto drops = StatsOf(transport).drops();
      if (const auto found = drops.find(reason); found != drops.end() && found->second >= count) {
        return found->second == count;
      }
    }
    return false;
  }

  std::unique_ptr<TestParticipant> Join(const std::string& id) {
    grpc::ClientContext context;
    pb::CreateTransportRequest request;
    request.set_router_id("room");
    request.set_transport_id(id);
    *request.mutable_dtls_parameters() = LocalDtlsParameters(certificate_.fingerprint());
    *request.mutable_rtp_capabilities() = ToProto(sfu::RouterRtpCapabilities());
    pb::CreateTransportResponse response;
    EXPECT_TRUE(stub_->CreateTransport(&context, request, &response).ok());
    const auto& candidate = response.ice_candidates(0);
    const auto server =
        *SocketAddress::Parse(candidate.ip(), static_cast<uint16_t>(candidate.port()));
    auto participant =
        std::make_unique<TestParticipant>(TestParticipant::Over::kUdp, server, certificate_, 1);
    const auto& theirs = response.dtls_parameters().fingerprints(0);
    participant->Connect(
        {response.ice_parameters().username_fragment(), response.ice_parameters().password()},
        *rtc::Fingerprint::Parse(theirs.algorithm(), theirs.value()));
    EXPECT_TRUE(
        RunUntil({participant.get()}, [&] { return participant->host.session.connected(); }));
    return participant;
  }

  rtc::DtlsCertificate certificate_ = *rtc::DtlsCertificate::Generate();
  std::unique_ptr<MediaService> service_;
  std::unique_ptr<pb::Media::Stub> stub_;
};

TEST_F(PlainCallTest, CarriesRtpFromAPlainSenderToAPeerWithIce) {
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(ComediaRequest("plain"), created).ok());
  EXPECT_EQ(created.tuple().local_ip(), "127.0.0.1");
  EXPECT_EQ(created.tuple().remote_ip(), "");
  EXPECT_FALSE(created.has_rtcp_tuple());
  EXPECT_FALSE(created.has_srtp_parameters());
  Produce("plain", FfmpegParameters());
  const auto person = Join("person");
  (void)Consume("person", "plain-video");
  PlainPeer ffmpeg;
  uint16_t sequence = 0;
  ASSERT_TRUE(RunUntil({person.get()}, [&] {
    ffmpeg.Send(created.tuple(), Keyframe(sequence++));
    return person->host.rtp.size() > 3;
  }));
  const pb::TransportStats stats = StatsOf("plain");
  EXPECT_EQ(stats.type(), "plain");
  EXPECT_EQ(stats.remote_address(), ffmpeg.local().ToString());
  EXPECT_EQ(stats.ice_state(), "");
  EXPECT_EQ(stats.srtp_profile(), "");
  // Another sender is not heard.
  PlainPeer stranger;
  stranger.Send(created.tuple(), Keyframe(sequence++));
  EXPECT_TRUE(HasDropped("plain", "unknown_path", 1));
}

TEST_F(PlainCallTest, CarriesRtpFromAPeerWithIceToAPlainReceiver) {
  const auto person = Join("person");
  Produce("person", sfu::testing::Vp8Parameters(1001));
  const auto video = *person->host.session.AddStream(
      {.ssrc = rtc::Ssrc(1001), .payload_type = rtc::PayloadType(96), .mid = {}, .extensions = {}});
  PlainPeer rtp;
  PlainPeer rtcp;
  auto request = CreateRequest("plain");
  request.set_rtcp_mux(false);
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(request, created).ok());
  EXPECT_EQ(created.rtcp_tuple().local_port(), created.tuple().local_port() + 1);
  const pb::ConsumeResult consumer = Consume("plain", "person-video");
  auto connect = ConnectRequest("plain", rtp.local());
  connect.set_rtcp_port(rtcp.local().port());
  pb::ConnectPlainTransportResponse connected;
  const grpc::Status status = Connect(connect, connected);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(connected.tuple().remote_port(), rtp.local().port());
  EXPECT_EQ(connected.rtcp_tuple().remote_port(), rtcp.local().port());

  std::vector<PlainPeer::Received> media;
  std::vector<PlainPeer::Received> reports;
  ASSERT_TRUE(RunUntil({person.get()}, [&] {
    person->SendRtp(video, std::array<uint8_t, 4>{0x10, 0, 0, 0});
    for (auto& each : rtp.Receive(0)) media.push_back(std::move(each));
    for (auto& each : rtcp.Receive(0)) reports.push_back(std::move(each));
    return media.size() > 3 && !reports.empty();
  }));
  for (const auto& each : media) {
    EXPECT_EQ(each.from.port(), created.tuple().local_port());
    const auto header = rtc::ParseRtpHeader(each.bytes);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->ssrc.value(), consumer.rtp_parameters().encodings(0).ssrc());
    EXPECT_EQ(each.bytes.size(), 16u) << "a bare header and the payload";
  }
  EXPECT_EQ(reports[0].from.port(), created.rtcp_tuple().local_port());
  EXPECT_EQ(reports[0].bytes[1], 200) << "a sender report";
}

TEST_F(PlainCallTest, CountsWhatTheKernelDoesNotSend) {
  // From loopback, where the socket is, nothing leads to the second network.
  Start({*IpNetwork::Parse("127.0.0.0/8"), *IpNetwork::Parse("192.0.2.0/24")});
  const auto person = Join("person");
  Produce("person", sfu::testing::Vp8Parameters(1001));
  const auto video = *person->host.session.AddStream(
      {.ssrc = rtc::Ssrc(1001), .payload_type = rtc::PayloadType(96), .mid = {}, .extensions = {}});
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(CreateRequest("plain"), created).ok());
  (void)Consume("plain", "person-video");
  const SocketAddress nowhere = SocketAddress::Ipv4({192, 0, 2, 1}, 5004);
  pb::ConnectPlainTransportResponse connected;
  const grpc::Status status = Connect(ConnectRequest("plain", nowhere), connected);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(RunUntil({person.get()}, [&] {
    person->SendRtp(video, std::array<uint8_t, 4>{0x10, 0, 0, 0});
    return service_->Status()->traffic.drops[rtc::DropReason::kSendRefused] > 3;
  }));
}

class PlainSrtpCallTest : public PlainCallTest,
                          public ::testing::WithParamInterface<const char*> {};

TEST_P(PlainSrtpCallTest, ProtectsBothWaysWithKeysThatWereToldAndRefusesOthers) {
  auto request = ComediaRequest("plain");
  request.set_srtp_crypto_suite(GetParam());
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(request, created).ok());
  EXPECT_EQ(created.srtp_parameters().crypto_suite(), GetParam());
  const auto suite = *rtc::ParseSrtpProfile(GetParam());
  SecureRandom random;
  const rtc::SrtpMasterKey peers = rtc::RandomMasterKey(suite, random);
  pb::ConnectPlainTransportRequest connect;
  connect.set_router_id("room");
  connect.set_transport_id("plain");
  *connect.mutable_srtp_parameters() = ToProto(peers);
  pb::ConnectPlainTransportResponse connected;
  const grpc::Status status = Connect(connect, connected);
  ASSERT_TRUE(status.ok()) << status.error_message();

  // The peer's end: a session whose keys are the other way round.
  const rtc::SrtpMasterKey ours = *FromProto(connected.srtp_parameters());
  rtc::testing::PlainHost peer(1, {.rtp = rtc::LocalSocket(0),
                                   .rtcp = rtc::LocalSocket(0),
                                   .remote = rtc::RemoteAddress::kGiven,
                                   .networks = {}});
  const auto server = *SocketAddress::Parse(created.tuple().local_ip(),
                                            static_cast<uint16_t>(created.tuple().local_port()));
  peer.GiveKeys({.local = peers, .remote = ours});
  peer.FixPath(server, server);
  const auto stream = *peer.session.AddStream({.ssrc = rtc::Ssrc(kSsrc),
                                               .payload_type = rtc::PayloadType(96),
                                               .mid = {},
                                               .extensions = {}});
  Produce("plain", FfmpegParameters());
  PlainPeer socket;
  socket.Send(created.tuple(), Keyframe(1));
  EXPECT_TRUE(HasDropped("plain", "authentication", 1)) << "not protected";
  peer.Admit(stream, 1, std::array<uint8_t, 4>{0x10, 0, 0, 0});
  ByteVector sealed = peer.TakeDatagrams(net::MonotonicNow()).at(0).bytes;
  ByteVector forged = sealed;
  forged.back() ^= 1;
  socket.Send(created.tuple(), forged);
  EXPECT_TRUE(HasDropped("plain", "authentication", 2));
  EXPECT_EQ(StatsOf("plain").remote_address(), "") << "neither has been learned from";
  socket.Send(created.tuple(), sealed);
  socket.Send(created.tuple(), sealed);
  EXPECT_TRUE(HasDropped("plain", "replayed", 1));
  EXPECT_EQ(StatsOf("plain").packets_received(), 1u);
  EXPECT_EQ(StatsOf("plain").srtp_profile(), GetParam());
  // Its reports come back protected.
  for (Timestamp end = net::MonotonicNow() + testing::kRunLimit;
       peer.rtcp.empty() && net::MonotonicNow() < end;) {
    for (const auto& each : socket.Receive(100)) {
      peer.Receive(net::MonotonicNow(), {rtc::LocalSocket(0), each.from}, each.bytes);
    }
  }
  EXPECT_FALSE(peer.rtcp.empty());
  EXPECT_EQ(peer.dropped(rtc::DropReason::kAuthentication), 0u);
}

INSTANTIATE_TEST_SUITE_P(All, PlainSrtpCallTest,
                         ::testing::Values("AEAD_AES_128_GCM", "AEAD_AES_256_GCM",
                                           "AES_CM_128_HMAC_SHA1_80"));

TEST_F(PlainCallTest, ClosesTheSocketsWithTheTransportAndWithTheRoom) {
  auto request = ComediaRequest("plain");
  request.set_rtcp_mux(false);
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(request, created).ok());
  ASSERT_TRUE(Create(ComediaRequest("other"), created).ok());
  EXPECT_EQ(service_->Status()->plain_sockets, 3u);
  Close("plain");
  EXPECT_EQ(service_->Status()->plain_sockets, 1u);
  grpc::ClientContext context;
  pb::CloseRequest close;
  close.set_router_id("room");
  close.set_router(true);
  pb::MediaIdsResponse response;
  ASSERT_TRUE(stub_->Close(&context, close, &response).ok());
  EXPECT_EQ(service_->Status()->plain_sockets, 0u);
}

TEST_F(PlainCallTest, OpensNoSocketForATransportThatIsRefused) {
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(ComediaRequest("plain"), created).ok());
  EXPECT_EQ(Create(ComediaRequest("plain"), created).error_code(),
            grpc::StatusCode::ALREADY_EXISTS);
  auto request = ComediaRequest("other");
  request.set_srtp_crypto_suite("AES_CM_128_HMAC_SHA1_32");
  EXPECT_EQ(Create(request, created).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(service_->Status()->plain_sockets, 1u);
}

TEST_F(PlainCallTest, IsRefusedWhereNoNetworksAreNamed) {
  Start({});
  pb::CreatePlainTransportResponse created;
  const grpc::Status status = Create(ComediaRequest("plain"), created);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(status.error_message().starts_with("forbidden: ")) << status.error_message();
  EXPECT_NE(status.error_message().find("media.plain_rtp_networks"), std::string::npos);
  EXPECT_EQ(service_->Status()->plain_sockets, 0u);
}

TEST_F(PlainCallTest, NeitherSendsToNorLearnsFromOtherNetworks) {
  Start({*IpNetwork::Parse("127.0.0.8/32")});
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(CreateRequest("given"), created).ok());
  PlainPeer peer;
  pb::ConnectPlainTransportResponse connected;
  const grpc::Status refused = Connect(ConnectRequest("given", peer.local()), connected);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_NE(refused.error_message().find("media.plain_rtp_networks"), std::string::npos);
  ASSERT_TRUE(Create(ComediaRequest("learned"), created).ok());
  peer.Send(created.tuple(), Keyframe(1));
  EXPECT_TRUE(HasDropped("learned", "forbidden_network", 1));
}

TEST_F(PlainCallTest, RefusesAKeyThatIsNotOfItsSuitesLength) {
  auto create = CreateRequest("plain");
  create.set_srtp_crypto_suite("AEAD_AES_128_GCM");
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(create, created).ok());
  auto request = ConnectRequest("plain", SocketAddress::Ipv4({127, 0, 0, 1}, 5004));
  request.mutable_srtp_parameters()->set_crypto_suite("AEAD_AES_128_GCM");
  pb::ConnectPlainTransportResponse connected;
  for (const std::string& key : {ToBase64(std::array<uint8_t, 27>{}), std::string("=")}) {
    request.mutable_srtp_parameters()->set_key_base64(key);
    const grpc::Status status = Connect(request, connected);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_NE(status.error_message().find("28 octets"), std::string::npos);
  }
  request.mutable_srtp_parameters()->set_key_base64(ToBase64(std::array<uint8_t, 28>{}));
  EXPECT_TRUE(Connect(request, connected).ok());
}

TEST_F(PlainCallTest, TellsEachMistakeByItsKind) {
  pb::CreatePlainTransportResponse created;
  ASSERT_TRUE(Create(CreateRequest("given"), created).ok());
  ASSERT_TRUE(Create(ComediaRequest("learned"), created).ok());
  pb::ConnectPlainTransportResponse connected;
  const auto code = [&](const pb::ConnectPlainTransportRequest& request) {
    const std::string text = Connect(request, connected).error_message();
    return text.substr(0, text.find(':'));
  };
  const SocketAddress to = SocketAddress::Ipv4({127, 0, 0, 1}, 5004);
  EXPECT_EQ(code(ConnectRequest("nobody", to)), "transport_not_found");
  EXPECT_EQ(code(ConnectRequest("learned", to)), "invalid_state");
  auto request = ConnectRequest("given", to);
  request.set_ip("localhost");
  EXPECT_EQ(code(request), "invalid_message");
  request = ConnectRequest("given", to);
  request.set_port(70'000);
  EXPECT_EQ(code(request), "invalid_message");
  EXPECT_EQ(code(ConnectRequest("given", to)), "");
  EXPECT_EQ(code(ConnectRequest("given", to)), "invalid_state");

  grpc::ClientContext context;
  pb::RestartIceRequest restart;
  restart.set_router_id("room");
  restart.set_transport_id("given");
  pb::IceParameters parameters;
  EXPECT_EQ(stub_->RestartIce(&context, restart, &parameters).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

}  // namespace
}  // namespace confab::media
