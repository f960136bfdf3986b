#include "services/signaling/media/media_pool.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <map>
#include <set>

#include "base/testing/error_of.h"
#include "rpc/callback_queue.h"
#include "services/signaling/testing/fake_media.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;
using discovery::Instance, discovery::ServiceKind;
using Ids = std::vector<std::string>;

// A fake media service and the server that it needs.
class FakeInstance {
 public:
  FakeInstance() {
    rpc::KeepCallbackQueue();
    grpc::ServerBuilder builder;
    builder.RegisterService(&media);
    server_ = builder.BuildAndStart();
  }
  ~FakeInstance() {
    media.Shutdown();
    server_->Shutdown();
  }
  std::shared_ptr<grpc::Channel> Channel() { return server_->InProcessChannel({}); }

  FakeMedia media;

 private:
  std::unique_ptr<grpc::Server> server_;
};

class MediaPoolTest : public testing::Test, public MediaPoolListener {
 protected:
  ~MediaPoolTest() override { pool_.reset(); }

  void OnMediaUp(const std::string& id, MediaListener::Instance instance) override {
    const bool is_new = instance == MediaListener::Instance::kNew;
    told_.push_back((is_new ? "new " : "same ") + id);
  }
  void OnMediaGone(const std::string& id) override {
    told_.push_back("gone " + id);
    chosen_instead_ = pool_->Choose("room");
  }
  void OnMediaEvent(const std::string& id, const pb::Event& event) override {
    told_.push_back("event " + id + " " + event.transport_closed().transport_id());
  }

  static Instance Listed(const std::string& id) {
    return {.service = ServiceKind::kMedia, .id = id, .host = id, .grpc_port = 1};
  }
  void List(const Ids& ids) {
    std::vector<Instance> instances;
    for (const std::string& id : ids) instances.push_back(Listed(id));
    pool_->SetInstances(std::move(instances));
  }
  FakeMedia& Media(const std::string& id) { return fakes_[id].media; }
  bool Heard(const std::string& what) const { return std::ranges::count(told_, what) > 0; }
  template <typename Condition>
  void RunUntil(Condition condition) {
    while (!condition()) ASSERT_GT(io_.run_one_for(std::chrono::seconds(10)), 0u);
  }
  void RunUntilHeard(const std::string& what) {
    RunUntil([&] { return Heard(what); });
  }
  void ListAndWait(const Ids& ids) {
    List(ids);
    for (const std::string& id : ids) RunUntilHeard("new " + id);
  }
  std::set<std::string> Chosen(int rooms) const {
    std::set<std::string> ids;
    for (int i = 0; i < rooms; ++i) ids.insert(pool_->Choose("room-" + std::to_string(i)));
    return ids;
  }

  std::map<std::string, FakeInstance> fakes_;
  std::set<std::string> unreachable_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_ = asio::make_work_guard(io_);
  std::vector<std::string> told_;
  std::string chosen_instead_;
  std::unique_ptr<MediaPool> MakePool(TimeDelta linger) {
    return std::make_unique<MediaPool>(
        io_,
        [this](const Instance& instance) -> std::shared_ptr<grpc::Channel> {
          if (unreachable_.contains(instance.id)) return nullptr;
          return fakes_[instance.host].Channel();
        },
        *this,
        MediaPool::Options{.client = {}, .patience = TimeDelta::Millis(20), .linger = linger});
  }

  std::unique_ptr<MediaPool> pool_ = MakePool(TimeDelta());
};

TEST_F(MediaPoolTest, HasNobodyToGiveUntilOneIsUp) {
  EXPECT_EQ(pool_->Choose("room"), "");
  EXPECT_FALSE(pool_->is_up());
  List({"m1"});
  EXPECT_EQ(pool_->Choose("room"), "");
  EXPECT_FALSE(pool_->Of("m1").is_up());
  EXPECT_FALSE(pool_->Of("nobody").is_up());
  RunUntilHeard("new m1");
  EXPECT_EQ(pool_->Choose("room"), "m1");
}

TEST_F(MediaPoolTest, RefusesCallsToAnInstanceThatDoesNotExist) {
  MediaCall<pb::StatsResponse> call = pool_->Of("").Stats({});
  std::optional<Result<pb::StatsResponse>> result;
  asio::co_spawn(
      io_,
      [](MediaCall<pb::StatsResponse> c, std::optional<Result<pb::StatsResponse>>& out)
          -> asio::awaitable<void> { out = co_await c.Wait(); }(std::move(call), result),
      asio::detached);
  RunUntil([&] { return result.has_value(); });
  EXPECT_EQ(ErrorOf(*result).code, ErrorCode::kMediaUnavailable);
}

TEST_F(MediaPoolTest, SpreadsRoomsOverThreeAndAlwaysTheSameWay) {
  ListAndWait({"m1", "m2", "m3"});
  EXPECT_EQ(Chosen(100).size(), 3u);
  EXPECT_EQ(pool_->Choose("room"), pool_->Choose("room"));
}

TEST_F(MediaPoolTest, GivesUpWhoDiesWhenAnotherIsUp) {
  ListAndWait({"m1", "m2", "m3"});
  const std::string home = pool_->Choose("room");
  Media(home).GoAway();
  RunUntilHeard("gone " + home);
  EXPECT_NE(chosen_instead_, "");
  EXPECT_NE(chosen_instead_, home);
  EXPECT_EQ(Chosen(100).size(), 2u);
  EXPECT_EQ(std::ranges::count(told_, "gone " + home), 1);
  EXPECT_EQ(told_.size(), 4u) << "the others hear nothing";
}

TEST_F(MediaPoolTest, KeepsTheOnlyOneHoweverLongItIsAway) {
  ListAndWait({"m1", "m2"});
  Media("m1").GoAway();
  Media("m2").GoAway();
  RunUntil([&] { return !pool_->is_up(); });
  told_.clear();
  Media("m1").Return();
  RunUntilHeard("same m1");
  EXPECT_FALSE(Heard("gone m1"));
  RunUntilHeard("gone m2");
}

TEST_F(MediaPoolTest, TellsThatOneIsNewUnderTheSameAddress) {
  ListAndWait({"m1", "m2"});
  told_.clear();
  Media("m1").Restart();
  RunUntilHeard("new m1");
  EXPECT_FALSE(Heard("new m2"));
}

TEST_F(MediaPoolTest, TakesOneThatComesLate) {
  ListAndWait({"m1"});
  List({"m1", "m2"});
  RunUntilHeard("new m2");
  EXPECT_EQ(Chosen(100).size(), 2u);
}

TEST_F(MediaPoolTest, KeepsWhoIsNotListedWhileItsStreamIsOpenButGivesItNothingNew) {
  ListAndWait({"m1", "m2"});
  List({"m2"});
  EXPECT_TRUE(pool_->Of("m1").is_up());
  EXPECT_EQ(Chosen(100), std::set<std::string>{"m2"});
  EXPECT_FALSE(Heard("gone m1"));
  Media("m1").GoAway();
  RunUntilHeard("gone m1");
  RunUntil([&] { return pool_->status().size() == 1; });
}

TEST_F(MediaPoolTest, AsksOnForAWhileWhetherOneThatIsNotListedHasEnded) {
  pool_ = MakePool(TimeDelta::Seconds(600));
  ListAndWait({"m1", "m2"});
  List({"m2"});
  Media("m1").GoAway();
  RunUntilHeard("gone m1");
  EXPECT_EQ(pool_->status().size(), 2u);
  Media("m1").Return();
  RunUntilHeard("same m1");
}

TEST_F(MediaPoolTest, LetsOneThatIsNotListedGoWhenNobodyHasToKnow) {
  pool_ = MakePool(TimeDelta::Millis(1));
  ListAndWait({"m1", "m2"});
  List({"m2"});
  Media("m1").GoAway();
  RunUntilHeard("gone m1");
  RunUntil([&] { return pool_->status().size() == 1; });
}

TEST_F(MediaPoolTest, UsesWhoIsNotListedWhereNobodyIs) {
  ListAndWait({"m1"});
  List({});
  EXPECT_EQ(pool_->Choose("room"), "m1");
}

TEST_F(MediaPoolTest, ForgetsWhoWasNeverUpAndIsNotListed) {
  unreachable_ = {"m1"};
  List({"m1"});
  EXPECT_EQ(pool_->status().size(), 1u);
  List({});
  EXPECT_TRUE(pool_->status().empty());
}

TEST_F(MediaPoolTest, TakesAnotherAddressUnderTheSameIdForAnotherProcess) {
  ListAndWait({"m1"});
  told_.clear();
  Instance moved = Listed("m1");
  moved.host = "elsewhere";
  pool_->SetInstances({moved});
  RunUntilHeard("new m1");
}

TEST_F(MediaPoolTest, ClosesWhatRoomsLeftBehindWhenItComesBack) {
  ListAndWait({"m1", "m2"});
  pb::CreateTransportRequest request;
  request.set_router_id("router");
  request.set_transport_id("t");
  pool_->Of("m1").CreateTransport(std::move(request));
  RunUntil([&] { return Media("m1").routers().size() == 1; });
  Media("m1").GoAway();
  RunUntilHeard("gone m1");
  pool_->Abandon("m1", "router");
  Media("m1").Return();
  RunUntilHeard("same m1");
  RunUntil([&] { return Media("m1").routers().empty(); });
}

TEST_F(MediaPoolTest, SaysWhoseEventItIs) {
  ListAndWait({"m1", "m2"});
  pb::CreateTransportRequest request;
  request.set_router_id("router");
  request.set_transport_id("t");
  pool_->Of("m2").CreateTransport(std::move(request));
  RunUntil([&] { return Media("m2").routers().size() == 1; });
  Media("m2").LoseTransport("t");
  RunUntilHeard("event m2 t");
}

TEST_F(MediaPoolTest, MayGoWhileInstancesComeAndGo) {
  ListAndWait({"m1", "m2"});
  Media("m1").GoAway();
  List({"m2", "m3"});
  pool_.reset();
  io_.poll();
}

}  // namespace
}  // namespace confab::signaling
