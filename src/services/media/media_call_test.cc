// Calls over real sockets: a media service, and participants who reach it by UDP, by TCP, and over
// either family.

#include <gtest/gtest.h>

#include "confab/media/v1/media.grpc.pb.h"
#include "rtc/srtp/srtp_profile_names.h"
#include "services/media/convert/rtp_to_proto.h"
#include "services/media/convert/transport_proto.h"
#include "services/media/media_service.h"
#include "services/media/testing/test_participant.h"
#include "sfu/parameters/supported_capabilities.h"
#include "sfu/testing/simulated_call.h"

namespace confab::media {
namespace {

using testing::RunUntil, testing::TestParticipant;
using Over = TestParticipant::Over;

// Begins a VP8 keyframe (RFC 7741 §4.2, §4.3).
std::vector<uint8_t> KeyframePayload(size_t size) {
  std::vector<uint8_t> payload(size);
  payload[0] = 0x10;
  return payload;
}

class MediaCallTest : public ::testing::Test {
 protected:
  struct Member {
    std::string id;
    TestParticipant participant;
    rtc::OutgoingStreamIndex video{};

    void SendVideo(size_t size = 500) { participant.SendRtp(video, KeyframePayload(size)); }
    size_t received() const { return participant.host.rtp.size(); }
    bool connected() const { return participant.host.session.connected(); }
  };

  void SetUp() override { Start(rtc::AllSrtpProfiles()); }

  void Start(std::vector<rtc::SrtpProfile> srtp_profiles) {
    const std::vector<SocketAddress> both = {*SocketAddress::Parse("127.0.0.1", 0),
                                             *SocketAddress::Parse("::1", 0)};
    auto started = MediaService::Start({.listen = both,
                                        .announce = {},
                                        .port = 0,
                                        .workers = 1,
                                        .srtp_profiles = std::move(srtp_profiles),
                                        .checks = {rpc::AdmitEveryone(), rpc::AdmitEveryone()}});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    service_ = std::move(*started);
    stub_ = pb::Media::NewStub(service_->InProcessChannel(rpc::FixedToken("test")));
  }

  // A participant who takes the candidate of this kind and family.
  std::unique_ptr<Member> Join(const std::string& id, Over over, const std::string& ip,
                               int receive_buffer = 0) {
    grpc::ClientContext context;
    pb::CreateTransportRequest request;
    request.set_router_id("room");
    request.set_transport_id(id);
    *request.mutable_dtls_parameters() = LocalDtlsParameters(certificate_.fingerprint());
    *request.mutable_rtp_capabilities() = ToProto(sfu::RouterRtpCapabilities());
    pb::CreateTransportResponse response;
    EXPECT_TRUE(stub_->CreateTransport(&context, request, &response).ok());
    for (const pb::IceCandidate& each : response.ice_candidates()) {
      if (each.ip() != ip || (each.protocol() == "tcp") != (over == Over::kTcp)) continue;
      const auto server = *SocketAddress::Parse(each.ip(), static_cast<uint16_t>(each.port()));
      std::unique_ptr<Member> member(
          new Member{id, TestParticipant(over, server, certificate_, ++seed_, receive_buffer)});
      const auto& theirs = response.dtls_parameters().fingerprints(0);
      member->participant.Connect(
          {response.ice_parameters().username_fragment(), response.ice_parameters().password()},
          *rtc::Fingerprint::Parse(theirs.algorithm(), theirs.value()));
      return member;
    }
    ADD_FAILURE() << "no such candidate";
    return nullptr;
  }

  void ProduceVideo(Member& member, uint32_t ssrc) {
    const auto parameters = sfu::testing::Vp8Parameters(ssrc);
    member.video = *member.participant.host.session.AddStream({.ssrc = rtc::Ssrc(ssrc),
                                                               .payload_type = rtc::PayloadType(96),
                                                               .mid = {},
                                                               .extensions = {}});
    grpc::ClientContext context;
    pb::ProduceRequest request;
    request.set_router_id("room");
    request.set_transport_id(member.id);
    request.set_producer_id(member.id + "-video");
    request.set_kind("video");
    request.set_cname("someone");
    *request.mutable_rtp_parameters() = ToProto(parameters);
    pb::ProduceResponse response;
    const grpc::Status status = stub_->Produce(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  void Consume(const Member& receiver, const Member& sender) {
    grpc::ClientContext context;
    pb::ConsumeRequest request;
    request.set_router_id("room");
    request.set_transport_id(receiver.id);
    pb::ConsumeItem& item = *request.add_items();
    item.set_consumer_id(receiver.id + "-of-" + sender.id);
    item.set_producer_id(sender.id + "-video");
    pb::ConsumeResponse response;
    EXPECT_TRUE(stub_->Consume(&context, request, &response).ok());
    ASSERT_EQ(response.results_size(), 1);
    EXPECT_EQ(response.results(0).error(), "");
  }

  // Two people with a video each, who see each other.
  void Call(Member& a, Member& b) {
    ASSERT_TRUE(
        RunUntil({&a.participant, &b.participant}, [&] { return a.connected() && b.connected(); }));
    ProduceVideo(a, 1001);
    ProduceVideo(b, 2001);
    Consume(a, b);
    Consume(b, a);
    ASSERT_TRUE(RunUntil({&a.participant, &b.participant}, [&] {
      a.SendVideo();
      b.SendVideo();
      return a.received() > 2 && b.received() > 2;
    }));
  }

  pb::StatsResponse AskStats(const Member& member, bool describe = false) {
    grpc::ClientContext context;
    pb::StatsRequest request;
    request.set_router_id("room");
    request.add_transport_ids(member.id);
    request.set_describe(describe);
    pb::StatsResponse response;
    EXPECT_TRUE(stub_->Stats(&context, request, &response).ok());
    return response;
  }
  pb::TransportStats StatsOf(const Member& member) {
    const pb::StatsResponse response = AskStats(member);
    return response.transports_size() == 1 ? response.transports(0) : pb::TransportStats();
  }
  std::string RemoteAddressOf(const Member& member) { return StatsOf(member).remote_address(); }

  rtc::DtlsCertificate certificate_ = *rtc::DtlsCertificate::Generate();
  std::unique_ptr<MediaService> service_;
  std::unique_ptr<pb::Media::Stub> stub_;
  uint64_t seed_ = 0;
};

TEST_F(MediaCallTest, OffersEachAddressByUdpFirstAndThenByTcpOnOnePort) {
  grpc::ClientContext context;
  pb::CreateTransportRequest request;
  request.set_router_id("room");
  request.set_transport_id("t");
  pb::CreateTransportResponse response;
  ASSERT_TRUE(stub_->CreateTransport(&context, request, &response).ok());
  ASSERT_EQ(response.ice_candidates_size(), 4);
  std::vector<std::string> offered;
  for (const pb::IceCandidate& each : response.ice_candidates()) {
    offered.push_back(each.protocol() + " " + each.tcp_type() + " " + each.ip());
    EXPECT_EQ(each.port(), service_->ports().front());
  }
  EXPECT_EQ(offered, (std::vector<std::string>{"udp  127.0.0.1", "udp  ::1",
                                               "tcp passive 127.0.0.1", "tcp passive ::1"}));
}

TEST_F(MediaCallTest, DescribesWhichProducersArePaused) {
  const auto member = Join("one", Over::kUdp, "127.0.0.1");
  ProduceVideo(*member, 1001);
  ASSERT_EQ(AskStats(*member).producers_size(), 1);
  EXPECT_FALSE(AskStats(*member).producers(0).has_paused()) << "nobody has asked for it";
  for (const bool paused : {false, true}) {
    if (paused) {
      grpc::ClientContext context;
      pb::MediaIds ids;
      ids.set_router_id("room");
      ids.add_producer_ids(member->id + "-video");
      pb::MediaIdsResponse response;
      ASSERT_TRUE(stub_->Pause(&context, ids, &response).ok());
    }
    const pb::StatsResponse described = AskStats(*member, true);
    ASSERT_EQ(described.producers_size(), 1);
    ASSERT_TRUE(described.producers(0).has_paused());
    EXPECT_EQ(described.producers(0).paused(), paused);
  }
}

TEST_F(MediaCallTest, CarriesMediaBothWaysOverTcp) {
  const auto tcp = Join("tcp", Over::kTcp, "127.0.0.1");
  const auto udp = Join("udp", Over::kUdp, "127.0.0.1");
  Call(*tcp, *udp);
  EXPECT_EQ(RemoteAddressOf(*tcp), tcp->participant.local().ToString());
  EXPECT_EQ(StatsOf(*tcp).protocol(), "tcp");
  EXPECT_EQ(StatsOf(*udp).protocol(), "udp");
  const auto status = service_->Status();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->tcp.connections, 1u);
}

TEST_F(MediaCallTest, TimesItsTurnsAndWhatItForwards) {
  const auto a = Join("a", Over::kUdp, "127.0.0.1");
  const auto b = Join("b", Over::kUdp, "127.0.0.1");
  Call(*a, *b);
  // The first timer may take its time.
  ASSERT_TRUE(RunUntil({&a->participant, &b->participant},
                       [this] { return service_->Status()->times.lag.total() > 0; }));
  const auto status = service_->Status();
  ASSERT_TRUE(status);
  EXPECT_GT(status->times.turns.total(), 0u);
  // Each batch once, however many packets are in it.
  EXPECT_GT(status->times.forwarding.total(), 0u);
  EXPECT_LE(status->times.forwarding.total(), status->times.turns.total() * 8);
  EXPECT_EQ(status->worker_cpu.size(), 1u);
  EXPECT_EQ(status->media.connected, 2u);
}

TEST_F(MediaCallTest, CarriesMediaBothWaysOverIpv6) {
  const auto udp = Join("udp", Over::kUdp, "::1");
  const auto tcp = Join("tcp", Over::kTcp, "::1");
  Call(*udp, *tcp);
  EXPECT_TRUE(RemoteAddressOf(*udp).starts_with("[::1]:")) << RemoteAddressOf(*udp);
}

TEST_F(MediaCallTest, EncryptsAsTheFirstProfileInItsOwnListSays) {
  using enum rtc::SrtpProfile;
  for (const auto& [list, expected] :
       {std::pair{std::vector{kAeadAes128Gcm, kAesCm128HmacSha1_80}, "AEAD_AES_128_GCM"},
        std::pair{std::vector{kAesCm128HmacSha1_80}, "AES_CM_128_HMAC_SHA1_80"},
        std::pair{std::vector{kAeadAes256Gcm, kAeadAes128Gcm}, "AEAD_AES_256_GCM"}}) {
    Start(list);
    const auto a = Join("a", Over::kUdp, "127.0.0.1");
    const auto b = Join("b", Over::kUdp, "127.0.0.1");
    Call(*a, *b);
    EXPECT_EQ(StatsOf(*a).srtp_profile(), expected);
    EXPECT_EQ(StatsOf(*b).srtp_profile(), expected);
  }
}

TEST_F(MediaCallTest, GoesOnFromAnotherPortWithoutACheck) {
  const auto mover = Join("mover", Over::kUdp, "127.0.0.1");
  const auto other = Join("other", Over::kUdp, "127.0.0.1");
  Call(*mover, *other);
  mover->participant.sends_stun = false;
  mover->participant.ChangePort();
  const size_t to_other = other->received();
  const size_t to_mover = mover->received();
  ASSERT_TRUE(RunUntil({&mover->participant, &other->participant}, [&] {
    mover->SendVideo();
    other->SendVideo();
    return other->received() > to_other + 5 && mover->received() > to_mover + 5;
  }));
  EXPECT_EQ(RemoteAddressOf(*mover), mover->participant.local().ToString());
  EXPECT_EQ(service_->Status()->path_moves, 1u);
}

TEST_F(MediaCallTest, LosesNothingByUdpWhileAReaderByTcpDoesNotRead) {
  const auto sender = Join("sender", Over::kUdp, "127.0.0.1");
  const auto slow = Join("slow", Over::kTcp, "127.0.0.1", 4096);
  const auto good = Join("good", Over::kUdp, "127.0.0.1");
  ASSERT_TRUE(RunUntil({&sender->participant, &slow->participant, &good->participant}, [&] {
    return sender->connected() && slow->connected() && good->connected();
  }));
  ProduceVideo(*sender, 1001);
  Consume(*slow, *sender);
  Consume(*good, *sender);
  constexpr size_t kPackets = 1500;
  constexpr size_t kInFlight = 32;  // what the sender is ahead of the good receiver
  size_t sent = 0;
  // The slow one sees no turn.
  ASSERT_TRUE(RunUntil({&sender->participant, &good->participant}, [&] {
    for (; sent < kPackets && sent < good->received() + kInFlight; ++sent) sender->SendVideo(1100);
    return good->received() == kPackets;
  }));
  const auto& rtp = good->participant.host.rtp;
  for (size_t i = 1; i < rtp.size(); ++i) {
    ASSERT_EQ(rtp[i]->sequence, static_cast<uint16_t>(rtp[i - 1]->sequence + 1));
  }
  const auto status = service_->Status();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->tcp.connections, 1u) << "slow is not gone";
  EXPECT_GT(status->traffic.drops[rtc::DropReason::kConnectionSlow], 0u)
      << "1.6 MB do not fit what may wait";
}

}  // namespace
}  // namespace confab::media
