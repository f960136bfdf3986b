// Leases, the limit and the drain, as callers meet them.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "confab/media/v1/media.grpc.pb.h"
#include "confab/media/v1/state.grpc.pb.h"
#include "services/media/media_service.h"

namespace confab::media {
namespace {

constexpr uint32_t kLong = 3'600'000;

class LeaseApiTest : public ::testing::Test {
 protected:
  void Start(ControlApi::Options options) {
    const auto anyone = [](std::string_view) { return Result<void>(); };
    auto started = MediaService::Start({.listen = {SocketAddress::Ipv4({127, 0, 0, 1}, 0)},
                                        .announce = {},
                                        .port = 0,
                                        .workers = 2,
                                        .checks = {.control = anyone, .state = anyone},
                                        .control = options});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    service_ = std::move(*started);
    stub_ = pb::Media::NewStub(service_->InProcessChannel(rpc::FixedToken("signaling")));
  }

  // Ready's.
  std::string OwnId() {
    grpc::ClientContext context;
    auto events = stub_->Events(&context, pb::EventsRequest());
    pb::Event event;
    EXPECT_TRUE(events->Read(&event));
    context.TryCancel();
    return event.ready().instance_id();
  }
  using Items = std::vector<std::pair<std::string, int64_t>>;
  pb::LeaseResponse Lease(const Items& items,
                          pb::LeaseRequest::Kind kind = pb::LeaseRequest::TAKE) {
    grpc::ClientContext context;
    pb::LeaseRequest request;
    for (const auto& [router, epoch] : items) {
      pb::LeaseRequest::Item& item = *request.add_items();
      item.set_router_id(router);
      item.set_epoch(epoch);
      item.set_kind(kind);
    }
    pb::LeaseResponse response;
    EXPECT_TRUE(stub_->Lease(&context, request, &response).ok());
    EXPECT_EQ(response.results_size(), request.items_size());
    return response;
  }
  bool IsGranted(const std::string& router, int64_t epoch) {
    return Lease({{router, epoch}}).results(0).valid_ms() > 0;
  }
  grpc::Status CreateTransport(const std::string& router, const std::string& transport,
                               int64_t epoch) {
    grpc::ClientContext context;
    pb::CreateTransportRequest request;
    request.set_router_id(router);
    request.set_transport_id(transport);
    request.set_epoch(epoch);
    pb::CreateTransportResponse response;
    return stub_->CreateTransport(&context, request, &response);
  }
  grpc::Status CreatePlainTransport(const std::string& router, int64_t epoch) {
    grpc::ClientContext context;
    pb::CreatePlainTransportRequest request;
    request.set_router_id(router);
    request.set_transport_id("plain");
    request.set_epoch(epoch);
    pb::CreatePlainTransportResponse response;
    return stub_->CreatePlainTransport(&context, request, &response);
  }
  void CloseRouter(const std::string& router, int64_t epoch) {
    grpc::ClientContext context;
    pb::CloseRequest request;
    request.set_router_id(router);
    request.set_router(true);
    request.set_epoch(epoch);
    pb::MediaIdsResponse response;
    EXPECT_TRUE(stub_->Close(&context, request, &response).ok());
  }
  pb::DrainState Drain(uint32_t deadline_ms) {
    grpc::ClientContext context;
    pb::DrainRequest request;
    request.set_deadline_ms(deadline_ms);
    pb::DrainState state;
    EXPECT_TRUE(stub_->Drain(&context, request, &state).ok());
    return state;
  }
  pb::DrainState Undrain() {
    grpc::ClientContext context;
    pb::DrainState state;
    EXPECT_TRUE(stub_->Undrain(&context, {}, &state).ok());
    return state;
  }
  // The next event that says that a router was closed. The stream is open from before its cause.
  std::unique_ptr<grpc::ClientReader<pb::Event>> OpenEvents(grpc::ClientContext& context) {
    auto events = stub_->Events(&context, pb::EventsRequest());
    pb::Event ready;
    EXPECT_TRUE(events->Read(&ready));
    return events;
  }
  static pb::RouterClosed NextClosed(grpc::ClientReader<pb::Event>& events) {
    pb::Event event;
    while (events.Read(&event)) {
      if (event.has_router_closed()) return event.router_closed();
    }
    ADD_FAILURE() << "the stream ended";
    return {};
  }
  // The next load of which this is true.
  template <typename Condition>
  static pb::Load NextLoad(grpc::ClientReader<pb::Event>& events, Condition condition) {
    pb::Event event;
    while (events.Read(&event)) {
      if (event.has_load() && condition(event.load())) return event.load();
    }
    ADD_FAILURE() << "the stream ended";
    return {};
  }
  size_t routers() { return service_->Status()->routers; }

  std::unique_ptr<MediaService> service_;
  std::unique_ptr<pb::Media::Stub> stub_;
};

std::string CodeWordOf(const grpc::Status& status) {
  return status.ok() ? "" : status.error_message().substr(0, status.error_message().find(':'));
}

TEST_F(LeaseApiTest, RefusesCommandsOfAnOlderEpoch) {
  Start({.lease = TimeDelta::Seconds(600)});
  EXPECT_TRUE(CreateTransport("unplaced", "t", 0).ok()) << "nobody uses leases for it";
  const auto first = Lease({{"room", 1}});
  EXPECT_EQ(first.results(0).valid_ms(), 600'000U);
  EXPECT_EQ(first.results(0).known_epoch(), 1);
  EXPECT_EQ(first.results(0).held_epoch(), 1);
  EXPECT_TRUE(CreateTransport("room", "a", 1).ok());
  ASSERT_TRUE(IsGranted("room", 2));
  const auto stale = CreateTransport("room", "b", 1);
  EXPECT_EQ(CodeWordOf(stale), "stale_epoch");
  EXPECT_EQ(stale.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(CodeWordOf(CreateTransport("room", "b", 0)), "stale_epoch");
  EXPECT_EQ(CodeWordOf(CreateTransport("room", "b", 3)), "invalid_state");
  EXPECT_EQ(CodeWordOf(CreateTransport("room", "a", 2)), "duplicate_id") << "what is there stays";
  EXPECT_EQ(CodeWordOf(CreatePlainTransport("room", 1)), "stale_epoch");
}

TEST_F(LeaseApiTest, AnswersEachLeaseOfABatchByItself) {
  Start({.lease = TimeDelta::Seconds(600)});
  ASSERT_TRUE(IsGranted("b", 5));
  const auto response = Lease({{"a", 1}, {"b", 4}, {"", 1}, {"c", 0}, {"b", 6}});
  EXPECT_GT(response.results(0).valid_ms(), 0U);
  EXPECT_EQ(response.results(1).router_id(), "b");
  EXPECT_EQ(response.results(1).valid_ms(), 0U);
  EXPECT_TRUE(response.results(1).error().starts_with("stale_epoch: "));
  EXPECT_TRUE(response.results(2).error().starts_with("invalid_message: "));
  EXPECT_TRUE(response.results(3).error().starts_with("invalid_message: "));
  EXPECT_GT(response.results(4).valid_ms(), 0U);
  EXPECT_EQ(Lease({}).results_size(), 0);
  const auto renewed = Lease({{"never", 1}, {"b", 6}}, pb::LeaseRequest::RENEW);
  EXPECT_TRUE(renewed.results(0).error().starts_with("invalid_state: "));
  EXPECT_GT(renewed.results(1).valid_ms(), 0U);
}

TEST_F(LeaseApiTest, RefusesABatchThatIsTooLong) {
  Start({});
  pb::LeaseRequest request;
  for (int i = 0; i <= ControlApi::kMaxLeaseItems; ++i) request.add_items();
  grpc::ClientContext context;
  pb::LeaseResponse response;
  EXPECT_EQ(CodeWordOf(stub_->Lease(&context, request, &response)), "limit_exceeded");
}

TEST_F(LeaseApiTest, ClosesARouterWhoseLeaseIsNotRenewedAndSaysSo) {
  Start({.lease = TimeDelta::Millis(200)});
  grpc::ClientContext context;
  const auto events = OpenEvents(context);
  ASSERT_TRUE(IsGranted("room", 3));
  (void)CreateTransport("room", "t", 3);
  const pb::RouterClosed closed = NextClosed(*events);
  EXPECT_EQ(closed.router_id(), "room");
  EXPECT_EQ(closed.reason(), "lease-ended");
  EXPECT_EQ(closed.epoch(), 3);
  EXPECT_EQ(routers(), 0U);
  EXPECT_FALSE(IsGranted("room", 3)) << "an epoch that has ended never comes back";
  EXPECT_TRUE(IsGranted("room", 4));
  context.TryCancel();
}

// A write is under way then for as long as the stream lasts.
TEST_F(LeaseApiTest, EndsThoughSomebodyDoesNotReadItsEvents) {
  Start({.lease = TimeDelta::Millis(200)});
  grpc::ClientContext idle_context;
  const auto idle = OpenEvents(idle_context);
  grpc::ClientContext context;
  const auto events = OpenEvents(context);
  ASSERT_TRUE(IsGranted("room", 3));
  (void)NextClosed(*events);
  context.TryCancel();
  service_.reset();
}

TEST_F(LeaseApiTest, EndsALeaseWithTheRouterThatIsClosed) {
  Start({.lease = TimeDelta::Seconds(600)});
  ASSERT_TRUE(IsGranted("room", 1));
  ASSERT_TRUE(CreateTransport("room", "t", 1).ok());
  CloseRouter("room", 1);
  EXPECT_EQ(CodeWordOf(CreateTransport("room", "t", 1)), "stale_epoch");
  EXPECT_FALSE(IsGranted("room", 1));
}

TEST_F(LeaseApiTest, RefusesMoreTransportsThanItMayHave) {
  Start({.lease = TimeDelta::Seconds(600), .max_transports = 2});  // one for each worker
  ASSERT_TRUE(IsGranted("room", 1));
  ASSERT_TRUE(CreateTransport("room", "a", 1).ok());
  EXPECT_EQ(CodeWordOf(CreateTransport("room", "b", 1)), "media_full");
  EXPECT_EQ(CodeWordOf(CreatePlainTransport("room", 1)), "media_full");
  EXPECT_TRUE(IsGranted("room", 1)) << "those that are there go on";
  size_t refused = 0;
  for (int i = 0; i < 20; ++i) {
    const auto result = Lease({{"other" + std::to_string(i), 1}}).results(0);
    if (result.valid_ms() == 0) {
      EXPECT_TRUE(result.error().starts_with("media_full: "));
      ++refused;
    }
  }
  EXPECT_GT(refused, 0U) << "those of the full worker";
  EXPECT_LT(refused, 20U);
  CloseRouter("room", 1);
  ASSERT_TRUE(IsGranted("room", 2));
  EXPECT_TRUE(CreateTransport("room", "b", 2).ok()) << "there is a place again";
}

TEST_F(LeaseApiTest, GivesALeaseOnlyToWhoMeansThisProcess) {
  Start({});
  const std::string own_id = OwnId();
  ASSERT_FALSE(own_id.empty());
  const auto take = [this](const std::string& process) {
    grpc::ClientContext context;
    pb::LeaseRequest request;
    pb::LeaseRequest::Item& item = *request.add_items();
    item.set_router_id("room");
    item.set_epoch(3);
    item.set_kind(pb::LeaseRequest::TAKE);
    item.set_instance_id(process);
    pb::LeaseResponse response;
    EXPECT_TRUE(stub_->Lease(&context, request, &response).ok());
    return response.results(0);
  };
  const auto refused = take("another");
  EXPECT_EQ(refused.valid_ms(), 0U);
  EXPECT_TRUE(refused.error().starts_with("not_found: ")) << refused.error();
  EXPECT_EQ(refused.known_epoch(), 0) << "nothing has changed";
  EXPECT_GT(take(own_id).valid_ms(), 0U);
}

TEST_F(LeaseApiTest, TakesNoNewRoutersInADrainAndLetsTheOthersGoOn) {
  Start({.lease = TimeDelta::Seconds(600)});
  ASSERT_TRUE(IsGranted("room", 1));
  ASSERT_TRUE(CreateTransport("room", "a", 1).ok());
  const auto draining = Drain(kLong);
  EXPECT_TRUE(draining.is_draining());
  EXPECT_GT(draining.left_ms(), 0U);
  EXPECT_EQ(draining.routers_left(), 1U);
  EXPECT_TRUE(IsGranted("room", 1));
  EXPECT_TRUE(CreateTransport("room", "b", 1).ok());
  EXPECT_TRUE(Lease({{"new", 1}}).results(0).error().starts_with("draining: "));
  const auto refused = CreateTransport("other", "a", 0);
  EXPECT_EQ(CodeWordOf(refused), "draining");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CodeWordOf(CreatePlainTransport("other", 0)), "draining");
  CloseRouter("room", 1);
  EXPECT_EQ(Drain(0).routers_left(), 0U);
  EXPECT_EQ(Drain(0).left_ms(), 0U) << "no deadline";
  EXPECT_FALSE(Undrain().is_draining());
  EXPECT_FALSE(IsGranted("new", 1)) << "its room has gone elsewhere";
  EXPECT_TRUE(IsGranted("new", 2));
  EXPECT_TRUE(CreateTransport("new", "a", 2).ok());
}

TEST_F(LeaseApiTest, ClosesWhatIsLeftAtTheDeadlineOfADrain) {
  Start({.lease = TimeDelta::Seconds(600)});
  grpc::ClientContext context;
  const auto events = OpenEvents(context);
  ASSERT_TRUE(IsGranted("room", 8));
  ASSERT_TRUE(CreateTransport("room", "a", 8).ok());
  (void)Drain(1);
  const pb::RouterClosed closed = NextClosed(*events);
  EXPECT_EQ(closed.router_id(), "room");
  EXPECT_EQ(closed.reason(), "drained");
  EXPECT_EQ(closed.epoch(), 8);
  EXPECT_EQ(routers(), 0U);
  context.TryCancel();
}

TEST_F(LeaseApiTest, TellsAtItsEndThatEveryRouterIsClosed) {
  Start({.lease = TimeDelta::Seconds(600)});
  grpc::ClientContext context;
  const auto events = OpenEvents(context);
  std::map<std::string, int64_t> open;
  for (int64_t epoch = 1; epoch <= 20; ++epoch) {
    const std::string room = "room-" + std::to_string(epoch);
    ASSERT_TRUE(IsGranted(room, epoch));
    ASSERT_TRUE(CreateTransport(room, "a", epoch).ok());
    open[room] = epoch;
  }
  std::thread end([this] { service_.reset(); });
  EXPECT_TRUE(
      NextLoad(*events, [](const pb::Load& load) { return load.is_draining(); }).is_draining())
      << "so that they are not placed here again";
  std::map<std::string, int64_t> closed;
  for (pb::Event event; events->Read(&event);) {
    if (!event.has_router_closed()) continue;
    closed[event.router_closed().router_id()] = event.router_closed().epoch();
    EXPECT_EQ(event.router_closed().reason(), "drained");
  }
  end.join();
  EXPECT_EQ(closed, open);
  EXPECT_EQ(events->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(LeaseApiTest, ClosesARouterOnlyWhereNobodyElseIsOnIt) {
  Start({.lease = TimeDelta::Seconds(600)});
  ASSERT_TRUE(IsGranted("room", 1));
  ASSERT_TRUE(CreateTransport("room", "a", 1).ok());
  ASSERT_TRUE(CreateTransport("room", "b", 1).ok());
  const auto close = [this](const std::string& transport) {
    grpc::ClientContext context;
    pb::CloseRequest request;
    request.set_router_id("room");
    request.set_epoch(1);
    request.set_router(true);
    request.set_only_if_empty(true);
    request.add_transport_ids(transport);
    pb::MediaIdsResponse response;
    EXPECT_TRUE(stub_->Close(&context, request, &response).ok());
    return response.router_left();
  };
  EXPECT_TRUE(close("a"));
  EXPECT_EQ(service_->Status()->transports, 1U);
  EXPECT_TRUE(IsGranted("room", 1)) << "the lease goes on";
  EXPECT_FALSE(close("b"));
  EXPECT_EQ(routers(), 0U);
  EXPECT_FALSE(IsGranted("room", 1)) << "it has ended";
}

TEST_F(LeaseApiTest, LooksAtALeaseWithoutChangingAnything) {
  Start({.lease = TimeDelta::Seconds(600)});
  const auto look = [this](int64_t epoch) {
    return Lease({{"room", epoch}}, pb::LeaseRequest::LOOK).results(0);
  };
  EXPECT_EQ(look(3).known_epoch(), 0);
  EXPECT_EQ(look(3).held_epoch(), 0) << "it was not taken by looking";
  ASSERT_TRUE(IsGranted("room", 3));
  EXPECT_EQ(look(9).held_epoch(), 3);
  EXPECT_EQ(look(3).valid_ms(), 0U);
  EXPECT_EQ(look(3).error(), "");
  CloseRouter("room", 3);
  EXPECT_EQ(look(3).known_epoch(), 3);
  EXPECT_EQ(look(3).held_epoch(), 0);
}

TEST_F(LeaseApiTest, TellsHowMuchThereIsToDo) {
  Start({.max_transports = 2});
  grpc::ClientContext context;
  const auto events = OpenEvents(context);
  EXPECT_EQ(NextLoad(*events, [](const pb::Load&) { return true; }).transports(), 0U);
  // Each worker takes one: rooms until both are full.
  for (int i = 0; i < 20; ++i) (void)CreateTransport("room-" + std::to_string(i), "a", 0);
  const pb::Load full = NextLoad(*events, [](const pb::Load& load) { return load.is_full(); });
  EXPECT_EQ(full.transports(), 2U);
  EXPECT_FALSE(full.is_draining());
  (void)Drain(0);
  (void)NextLoad(*events, [](const pb::Load& load) { return load.is_draining(); });
  grpc::ClientContext later;
  const auto others = OpenEvents(later);
  EXPECT_TRUE(NextLoad(*others, [](const pb::Load&) { return true; }).is_draining())
      << "who comes later is told at once";
  context.TryCancel();
  later.TryCancel();
}

TEST_F(LeaseApiTest, ShowsTheDrainInItsState) {
  Start({});
  ASSERT_TRUE(CreateTransport("room", "a", 0).ok());
  (void)Drain(kLong);
  grpc::ClientContext context;
  pb::GetStateResponse state;
  const auto stub = pb::State::NewStub(service_->InProcessChannel(rpc::FixedToken("gateway")));
  ASSERT_TRUE(stub->GetState(&context, {}, &state).ok());
  EXPECT_TRUE(state.is_draining());
  EXPECT_GT(state.drain_left_ms(), 0U);
  EXPECT_EQ(state.routers(), 1U);
}

}  // namespace
}  // namespace confab::media
