#include "services/media/media_service.h"

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "confab/media/v1/media.grpc.pb.h"

namespace confab::media {
namespace {

class MediaServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = MediaService::Start(
        {.listen = {SocketAddress::Ipv4({127, 0, 0, 1}, 0)},
         .announce = {},
         .port = 0,
         .workers = 2,
         .checks = {.control = OnlyFrom({"signaling"}), .state = OnlyFrom({"gateway"})},
         .identity = {.instance = "media-1", .version = "1.2.3", .region = "eu-north"}});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    service_ = std::move(*started);
    stub_ = pb::Media::NewStub(service_->InProcessChannel(rpc::FixedToken("signaling")));
  }
  // A token is the name of its bearer here.
  static rpc::TokenCheck OnlyFrom(std::vector<std::string_view> names) {
    return [names](std::string_view token) {
      if (std::ranges::find(names, token) != names.end()) return Result<void>();
      return Result<void>(Fail(ErrorCode::kUnauthorized, "not for you"));
    };
  }
  grpc::Status CreateTransport(const std::string& router, const std::string& transport,
                               pb::CreateTransportResponse& response) {
    grpc::ClientContext context;
    pb::CreateTransportRequest request;
    request.set_router_id(router);
    request.set_transport_id(transport);
    return stub_->CreateTransport(&context, request, &response);
  }

  std::unique_ptr<MediaService> service_;
  std::unique_ptr<pb::Media::Stub> stub_;
};

TEST_F(MediaServiceTest, GivesATransportWithWhatAClientNeeds) {
  pb::CreateTransportResponse response;
  ASSERT_TRUE(CreateTransport("room", "t", response).ok());
  EXPECT_TRUE(response.ice_parameters().ice_lite());
  ASSERT_EQ(response.ice_candidates_size(), 2);
  const pb::IceCandidate& udp = response.ice_candidates(0);
  EXPECT_EQ(udp.ip(), "127.0.0.1");
  EXPECT_EQ(udp.protocol(), "udp");
  const auto ports = service_->ports();
  EXPECT_NE(std::ranges::find(ports, udp.port()), ports.end());
  const pb::IceCandidate& tcp = response.ice_candidates(1);
  EXPECT_EQ(tcp.protocol(), "tcp");
  EXPECT_EQ(tcp.tcp_type(), "passive");
  EXPECT_EQ(tcp.ip(), udp.ip());
  EXPECT_EQ(tcp.port(), udp.port()) << "one number for both";
  EXPECT_LT(tcp.priority(), udp.priority());
  EXPECT_EQ(response.dtls_parameters().fingerprints_size(), 1);
}

// The status of a call with an empty request.
grpc::Status CallByName(const std::shared_ptr<grpc::Channel>& channel, const std::string& method) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::Slice nothing;
  grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> status;
  stub.UnaryCall(&context, method, {}, &request, &response,
                 [&status](grpc::Status result) { status.set_value(std::move(result)); });
  return status.get_future().get();
}

TEST_F(MediaServiceTest, AsksForATokenAtEveryMethod) {
  const auto* service = pb::EventsRequest::descriptor()->file()->FindServiceByName("Media");
  ASSERT_NE(service, nullptr);
  ASSERT_GT(service->method_count(), 10);
  const auto channel = service_->InProcessChannel(rpc::FixedToken(""));
  for (int i = 0; i < service->method_count(); ++i) {
    const std::string name = service->method(i)->name();
    const auto status = CallByName(channel, "/" + service->full_name() + "/" + name);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << name;
    EXPECT_TRUE(status.error_message().starts_with("unauthorized: ")) << name;
  }
}

TEST_F(MediaServiceTest, ForgetsNoMethodAtItsDoor) {
  const auto* service = pb::EventsRequest::descriptor()->file()->FindServiceByName("Media");
  for (int i = 0; i < service->method_count(); ++i) {
    if (service->method(i)->server_streaming()) continue;  // it would not end
    const auto status = CallByName(service_->InProcessChannel(rpc::FixedToken("signaling")),
                                   "/" + service->full_name() + "/" + service->method(i)->name());
    EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << service->method(i)->name();
  }
}

TEST_F(MediaServiceTest, TellsTheGatewayItsStateOverAllWorkers) {
  for (int i = 0; i < 8; ++i) {
    pb::CreateTransportResponse response;
    ASSERT_TRUE(CreateTransport("room" + std::to_string(i), "t", response).ok());
  }
  const auto ask = [this](std::string token, pb::GetStateResponse& state) {
    grpc::ClientContext context;
    const auto stub =
        pb::State::NewStub(service_->InProcessChannel(rpc::FixedToken(std::move(token))));
    return stub->GetState(&context, {}, &state).error_code();
  };
  pb::GetStateResponse state;
  EXPECT_EQ(ask("signaling", state), grpc::StatusCode::UNAUTHENTICATED);
  ASSERT_EQ(ask("gateway", state), grpc::StatusCode::OK);
  EXPECT_EQ(state.instance(), "media-1");
  EXPECT_EQ(state.version(), "1.2.3");
  EXPECT_EQ(state.region(), "eu-north");
  EXPECT_EQ(state.workers(), 2U);
  EXPECT_EQ(state.routers(), 8U);
  EXPECT_EQ(state.transports(), 8U);
  EXPECT_TRUE(std::ranges::equal(state.ports(), service_->ports()));
}

TEST_F(MediaServiceTest, RefusesTheSameIdTwiceWithACodeAndASentence) {
  pb::CreateTransportResponse response;
  ASSERT_TRUE(CreateTransport("room", "t", response).ok());
  const grpc::Status again = CreateTransport("room", "t", response);
  EXPECT_EQ(again.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_TRUE(again.error_message().starts_with("duplicate_id: ")) << again.error_message();
  EXPECT_EQ(CreateTransport("", "t", response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(MediaServiceTest, AnswersManyCallersAtOnceAndCountsWhatThereIs) {
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kEach; ++i) {
        pb::CreateTransportResponse response;
        EXPECT_TRUE(CreateTransport("room" + std::to_string(i % 8),
                                    std::to_string(t) + "-" + std::to_string(i), response)
                        .ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto status = service_->Status();
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->routers, 8u);
  EXPECT_EQ(status->transports, static_cast<size_t>(kThreads * kEach));
}

TEST_F(MediaServiceTest, BeginsTheEventStreamWithReadyAndEndsItWhenItStops) {
  grpc::ClientContext context;
  auto events = stub_->Events(&context, pb::EventsRequest());
  pb::Event event;
  ASSERT_TRUE(events->Read(&event));
  EXPECT_FALSE(event.ready().instance_id().empty());
  std::thread stopper([this] { service_.reset(); });
  while (events->Read(&event)) EXPECT_TRUE(event.has_load());
  EXPECT_EQ(events->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopper.join();
}

}  // namespace
}  // namespace confab::media
