#include "services/signaling/media/media_client.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/testing/error_of.h"
#include "services/signaling/media/media_status.h"
#include "services/signaling/testing/fake_media.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;

class MediaClientTest : public testing::Test, public MediaListener {
 protected:
  MediaClientTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&media_);
    server_ = builder.BuildAndStart();
    client_ = std::make_unique<MediaClient>(io_, server_->InProcessChannel({}), *this,
                                            MediaClient::Options{});
  }
  ~MediaClientTest() override {
    client_.reset();
    media_.Shutdown();
    server_->Shutdown();
  }

  void OnMediaUp(Instance instance) override { ups_.push_back(instance); }
  void OnMediaDown() override { ++downs_; }
  void OnMediaEvent(const pb::Event& event) override { events_.push_back(event); }

  template <typename Condition>
  void RunUntil(Condition condition) {
    while (!condition()) ASSERT_GT(io_.run_one_for(std::chrono::seconds(10)), 0u);
  }
  template <typename Response>
  Result<Response> Await(MediaCall<Response> call) {
    std::optional<Result<Response>> result;
    asio::co_spawn(io_, Store(std::move(call), result), asio::detached);
    RunUntil([&] { return result.has_value(); });
    return std::move(*result);
  }
  template <typename Response>
  static asio::awaitable<void> Store(MediaCall<Response> call,
                                     std::optional<Result<Response>>& result) {
    result = co_await call.Wait();
  }
  static pb::CreateTransportRequest Transport(std::string id) {
    pb::CreateTransportRequest request;
    request.set_router_id("router");
    request.set_transport_id(std::move(id));
    return request;
  }

  FakeMedia media_;
  std::unique_ptr<grpc::Server> server_;
  asio::io_context io_{1};
  // What gRPC is still to bring is no work that the io_context knows of.
  asio::executor_work_guard<asio::io_context::executor_type> guard_ = asio::make_work_guard(io_);
  std::unique_ptr<MediaClient> client_;
  std::vector<Instance> ups_;
  int downs_ = 0;
  std::vector<pb::Event> events_;
};

TEST_F(MediaClientTest, RefusesCallsUntilTheEventStreamIsOpen) {
  EXPECT_EQ(ErrorOf(Await(client_->RouterCapabilities())).code, ErrorCode::kMediaUnavailable);
  client_->Start();
  RunUntil([&] { return client_->is_up(); });
  EXPECT_EQ(ups_, std::vector{Instance::kNew});
  const auto capabilities = Await(client_->RouterCapabilities());
  ASSERT_TRUE(capabilities.has_value());
  EXPECT_GT(capabilities->codecs_size(), 0);
}

TEST_F(MediaClientTest, RunsSeveralCallsAtTheSameTime) {
  client_->Start();
  RunUntil([&] { return client_->is_up(); });
  MediaCall one = client_->CreateTransport(Transport("one"));
  MediaCall two = client_->CreateTransport(Transport("two"));
  EXPECT_TRUE(Await(std::move(two)).has_value());
  EXPECT_TRUE(Await(std::move(one)).has_value());
}

TEST_F(MediaClientTest, BringsTheMediaServicesOwnCode) {
  client_->Start();
  RunUntil([&] { return client_->is_up(); });
  ASSERT_TRUE(Await(client_->CreateTransport(Transport("one"))).has_value());
  const auto again = Await(client_->CreateTransport(Transport("one")));
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error(), (Error{ErrorCode::kDuplicateId, "the transport exists"}));
}

TEST_F(MediaClientTest, NoticesARestart) {
  client_->Start();
  RunUntil([&] { return ups_.size() == 1; });
  media_.Restart();
  RunUntil([&] { return ups_.size() == 2; });
  EXPECT_EQ(downs_, 1);
  EXPECT_EQ(ups_[1], Instance::kNew);
}

TEST_F(MediaClientTest, ComesBackToTheSameInstance) {
  client_->Start();
  RunUntil([&] { return ups_.size() == 1; });
  media_.GoAway();
  RunUntil([&] { return downs_ == 1; });
  EXPECT_FALSE(client_->is_up());
  media_.Return();
  RunUntil([&] { return ups_.size() == 2; });
  EXPECT_EQ(ups_[1], Instance::kSame);
}

TEST_F(MediaClientTest, DeliversEventsInOrder) {
  client_->Start();
  RunUntil([&] { return client_->is_up(); });
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_TRUE(Await(client_->CreateTransport(Transport(id))).has_value());
    media_.LoseTransport(id);
  }
  RunUntil([&] { return events_.size() == 3; });
  EXPECT_EQ(events_[0].transport_closed().transport_id(), "a");
  EXPECT_EQ(events_[2].transport_closed().transport_id(), "c");
}

TEST_F(MediaClientTest, MayGoWhileCallsAndEventsAreOnTheirWay) {
  client_->Start();
  RunUntil([&] { return client_->is_up(); });
  ASSERT_TRUE(Await(client_->CreateTransport(Transport("a"))).has_value());
  media_.LoseTransport("a");
  client_->CreateTransport(Transport("b"));
  client_.reset();
  io_.poll();
}

TEST(MediaStatus, OfARefusalInsideAResponseIsInOurCodes) {
  EXPECT_EQ(ParseMediaError("cannot_consume: no"), (Error{ErrorCode::kCannotConsume, "no"}));
  EXPECT_EQ(ParseMediaError("odd").code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace confab::signaling
