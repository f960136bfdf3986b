#include "services/media/media_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <mutex>

#include "confab/media/v1/media.grpc.pb.h"
#include "observe/log_writer.h"
#include "rpc/call_scope_metadata.h"
#include "services/media/convert/transport_proto.h"
#include "services/media/media_service.h"
#include "services/media/testing/test_participant.h"

namespace confab::media {
namespace {

using ::testing::ContainsRegex, ::testing::HasSubstr, ::testing::Not;
using testing::TestParticipant;
using Over = TestParticipant::Over;

const CallScope kAda{.room = "quiet-harbor",
                     .participant = "ada",
                     .session = "s1-7",
                     .trace = "4bf92f3577b34da6a3ce929d0e0e4736"};
constexpr const char* kAdaInALine = R"("room":"quiet-harbor","participant":"ada","session":"s1-7",)"
                                    R"("trace":"4bf92f3577b34da6a3ce929d0e0e4736",)";

// Where it listens, and where clients are told to come: a NAT's addresses, which nobody can reach
// here.
const std::vector<SocketAddress> kListening = {*SocketAddress::Parse("127.0.0.1", 0),
                                               *SocketAddress::Parse("::1", 0)};
const std::vector<SocketAddress> kAnnounced = {*SocketAddress::Parse("203.0.113.5", 0),
                                               *SocketAddress::Parse("2001:db8::5", 0)};

class MediaLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    observe::LogWriterOptions writing;
    writing.output = [this](std::string_view lines) {
      const std::lock_guard lock(mutex_);
      out_ += lines;
    };
    writer_ = std::make_unique<observe::LogWriter>(std::move(writing));
    MediaOptions options{.listen = kListening,
                         .announce = kAnnounced,
                         .port = 0,
                         .checks = {rpc::AdmitEveryone(), rpc::AdmitEveryone()}};
    options.control.log = MediaLog(observe::Logger(*writer_, "media", "m1"));
    auto started = MediaService::Start(std::move(options));
    ASSERT_TRUE(started.has_value()) << started.error().message;
    service_ = std::move(*started);
    stub_ = pb::Media::NewStub(service_->InProcessChannel(rpc::FixedToken("test")));
  }

  grpc::Status MakeTransport(const CallScope& scope) {
    grpc::ClientContext context;
    rpc::PutScope(scope, context);
    pb::CreateTransportRequest request;
    request.set_router_id("router");
    request.set_transport_id("t");
    *request.mutable_dtls_parameters() = LocalDtlsParameters(certificate_.fingerprint());
    return stub_->CreateTransport(&context, request, &made_);
  }
  // Ada's transport, and she connects to it.
  std::unique_ptr<TestParticipant> Connect(Over over, const char* ip) {
    EXPECT_TRUE(MakeTransport(kAda).ok());
    const auto server = *SocketAddress::Parse(ip, service_->ports().front());
    auto ada = std::make_unique<TestParticipant>(over, server, certificate_, 1);
    const auto& theirs = made_.dtls_parameters().fingerprints(0);
    ada->Connect({made_.ice_parameters().username_fragment(), made_.ice_parameters().password()},
                 *rtc::Fingerprint::Parse(theirs.algorithm(), theirs.value()));
    EXPECT_TRUE(testing::RunUntil(
        {ada.get()}, [&] { return Lines().find("transport.connected") != std::string::npos; }));
    return ada;
  }
  std::string AtItsPort(std::string_view ip) const {
    return fmt::format("{}:{}", ip, service_->ports().front());
  }
  void CloseAll(pb::CloseRequest request) {
    grpc::ClientContext context;
    request.set_router_id("router");
    pb::MediaIdsResponse response;
    EXPECT_TRUE(stub_->Close(&context, request, &response).ok());
  }
  std::string Lines() {
    writer_->Flush();
    const std::lock_guard lock(mutex_);
    return out_;
  }

  rtc::DtlsCertificate certificate_ = *rtc::DtlsCertificate::Generate();
  pb::CreateTransportResponse made_;
  std::mutex mutex_;
  std::string out_;  // guarded by mutex_
  std::unique_ptr<observe::LogWriter> writer_;
  std::unique_ptr<MediaService> service_;
  std::unique_ptr<pb::Media::Stub> stub_;
};

TEST_F(MediaLogTest, TellsOfEachWorkerWhenItStartsAndWhenItStops) {
  const uint16_t port = service_->ports().front();
  EXPECT_THAT(Lines(),
              HasSubstr(fmt::format(R"("event":"worker.started","worker":0,"port":{}}})", port)));
  EXPECT_THAT(Lines(), Not(HasSubstr("worker.stopped")));
  stub_.reset();
  service_.reset();
  EXPECT_THAT(Lines(), HasSubstr(R"("event":"worker.stopped","worker":0})"));
}

TEST_F(MediaLogTest, NamesWhomATransportIsForWhenItIsMadeAndWhenItIsClosed) {
  ASSERT_TRUE(MakeTransport(kAda).ok());
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"transport.created",)") + kAdaInALine +
                                 R"("transport":"t","router":"router","kind":"webrtc",)" +
                                 R"("announced":")" + AtItsPort("203.0.113.5") + "," +
                                 AtItsPort("[2001:db8::5]") + R"("})"));
  pb::CloseRequest close;
  close.add_transport_ids("t");
  CloseAll(close);  // of a call that says nothing of anybody
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"transport.closed",)") + kAdaInALine +
                                 R"("transport":"t","router":"router","reason":"asked",)"
                                 R"("state":"new","dtls":"new","checks":0,"packets_received":0,)"));
}

TEST_F(MediaLogTest, SaysByWhichWayATransportConnectedAndNamesTheAddressThatWasAnnounced) {
  const auto ada = Connect(Over::kUdp, "127.0.0.1");
  EXPECT_THAT(Lines(), ContainsRegex(std::string(R"("event":"transport.connected",)") +
                                     kAdaInALine + R"("transport":"t","router":"router",)" +
                                     R"("protocol":"udp","local":")" + AtItsPort("203.0.113.5") +
                                     R"(","remote":"private:[0-9a-f]+","after_us":[0-9]+})"));
  EXPECT_THAT(Lines(), Not(HasSubstr(ada->local().ToString())));
}

TEST_F(MediaLogTest, SaysHowATransportByTcpHasGoneWhenItIsClosed) {
  const auto ada = Connect(Over::kTcp, "::1");
  pb::CloseRequest close;
  close.set_router(true);
  CloseAll(close);
  EXPECT_THAT(Lines(),
              ContainsRegex(std::string(R"("event":"transport.closed",)") + kAdaInALine +
                            R"("transport":"t","router":"router","reason":"asked",)" +
                            R"("protocol":"tcp","local":")" + AtItsPort(R"(\[2001:db8::5\])") +
                            R"(","remote":"private:[0-9a-f]+","state":"connected",)" +
                            R"("dtls":"connected","checks":[1-9])"));
}

TEST_F(MediaLogTest, ReportsWhatIsKnownAndLeavesOutTheRest) {
  const MediaLog log(observe::Logger(*writer_, "media", "m1"));
  sfu::TransportReport report{.router_id = "router", .transport_id = "t", .scope = kAda};
  report.figures.ice = rtc::IceState::kConnected;
  report.figures.dtls = rtc::DtlsState::kConnected;
  report.figures.checks = 3;
  report.figures.traffic = {.packets_received = 10,
                            .bytes_received = 2000,
                            .packets_sent = 4,
                            .bytes_sent = 900,
                            .drops = {}};
  report.figures.traffic.drops.Count(rtc::DropReason::kNoKeys, 2);
  report.figures.media.received = {
      .packets = 9, .bytes = 1800, .lost = -1, .jitter = TimeDelta::Micros(12'345)};
  report.figures.producers = 1;
  log.TransportReport(report, {});
  EXPECT_THAT(
      Lines(),
      HasSubstr(std::string(R"("event":"transport.report",)") + kAdaInALine +
                R"("transport":"t","router":"router","state":"connected","dtls":"connected",)"
                R"("checks":3,"packets_received":10,"bytes_received":2000,"packets_sent":4,)"
                R"("bytes_sent":900,"dropped":2,"lost_received":0,"jitter_ms":12.3,"nacks":0,)"
                R"("recovered":0,"keyframe_requests":0,"producers":1,"consumers":0})"));
}

TEST_F(MediaLogTest, SaysWhereAPeerHasMovedAndWhatItsReceiverReports) {
  const MediaLog log(observe::Logger(*writer_, "media", "m1"));
  const PathEnds path{.protocol = "tcp",
                      .local = SocketAddress::Ipv4({203, 0, 113, 5}, 40'000),
                      .remote = SocketAddress::Ipv4({198, 51, 100, 2}, 5000)};
  log.TransportMoved({.router_id = "router", .transport_id = "t", .scope = kAda}, path);
  EXPECT_THAT(Lines(), ContainsRegex(std::string(R"("event":"transport.moved",)") + kAdaInALine +
                                     R"("transport":"t","router":"router","protocol":"tcp",)"
                                     R"("local":"203.0.113.5:40000","remote":"private:[^"]+"})"));
  sfu::TransportReport report{.router_id = "router", .transport_id = "t", .scope = kAda};
  report.figures.media.sent = {.packets = 50,
                               .bytes = 9000,
                               .lost = 7,
                               .round_trip = TimeDelta::Millis(40),
                               .retransmissions = 2};
  log.TransportReport(report, path);
  EXPECT_THAT(Lines(),
              HasSubstr(R"("lost_sent":7,"round_trip_ms":40,"retransmissions":2,"producers":0)"));
}

TEST_F(MediaLogTest, NamesWhoWasOnARouterThatIsClosed) {
  ASSERT_TRUE(MakeTransport(kAda).ok());
  pb::CloseRequest close;
  close.set_router(true);
  CloseAll(close);
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"transport.closed",)") + kAdaInALine));
}

TEST_F(MediaLogTest, TellsOfACallThatFailed) {
  ASSERT_TRUE(MakeTransport(kAda).ok());
  EXPECT_THAT(Lines(), Not(HasSubstr("media.call_failed")));
  EXPECT_FALSE(MakeTransport(kAda).ok());
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"media.call_failed",)") + kAdaInALine +
                                 R"("call":"CreateTransport","router":"router",)"
                                 R"("code":"duplicate_id",)"));
}

TEST_F(MediaLogTest, BeginsATraceWhereTheCallHasNone) {
  ASSERT_TRUE(MakeTransport({.room = "quiet-harbor"}).ok());
  EXPECT_THAT(Lines(),
              ::testing::ContainsRegex(
                  R"("event":"transport.created","room":"quiet-harbor","trace":"[0-9a-f]+")"));
}

}  // namespace
}  // namespace confab::media
