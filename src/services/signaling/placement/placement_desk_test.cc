#include "services/signaling/placement/placement_desk.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <map>

#include "backends/store/store.h"
#include "backends/store/testing/database_cases.h"
#include "backends/store/testing/wait_for.h"
#include "base/testing/error_of.h"
#include "rpc/callback_queue.h"
#include "rpc/channel.h"
#include "services/signaling/media/room_media.h"
#include "services/signaling/placement/router_id.h"
#include "services/signaling/testing/fake_media.h"

namespace confab::signaling {
namespace {

using discovery::Instance, discovery::ServiceKind;
using store::RunUntil, store::Running;
using testing::ElementsAre;
using Strings = std::vector<std::string>;

// A fake media service behind a port of its own.
class FakeInstance {
 public:
  FakeInstance() {
    rpc::KeepCallbackQueue();
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&media);
    server_ = builder.BuildAndStart();
  }
  ~FakeInstance() { Die(); }
  // Nothing listens any more.
  void Die() {
    media.Shutdown();
    server_->Shutdown();
  }
  uint16_t port() const { return static_cast<uint16_t>(port_); }

  FakeMedia media;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// A database that can be taken away.
class AwayDatabase final : public store::Database {
 public:
  AwayDatabase(std::unique_ptr<store::Database> inner, const bool& is_away, const bool& is_silent)
      : inner_(std::move(inner)), is_away_(is_away), is_silent_(is_silent) {}

  std::string_view exclusion_sql() const override { return inner_->exclusion_sql(); }
  store::DatabaseStatus status() const override { return inner_->status(); }

 private:
  asio::awaitable<store::StoreResult<std::vector<store::Rows>>> Perform(
      std::vector<store::Statement> statements, store::Turn turn) override {
    if (is_away_) co_return store::FailStore(store::StoreFault::kUnavailable, "It is away");
    while (is_silent_) {
      asio::steady_timer pause(co_await asio::this_coro::executor);
      pause.expires_after(std::chrono::milliseconds(5));
      co_await pause.async_wait(asio::use_awaitable);
    }
    co_return co_await inner_->Transact(std::move(statements), turn);
  }

  std::unique_ptr<store::Database> inner_;
  const bool& is_away_;
  const bool& is_silent_;
};

// What one signaling instance has.
class Side final : public MediaPoolListener, public PlacementListener {
 public:
  Side(asio::io_context& io, std::unique_ptr<store::Database> database)
      : io_(io),
        store_(std::make_unique<AwayDatabase>(std::move(database), is_store_away, is_store_silent)),
        pool_(io,
              [](const Instance& instance) {
                return *rpc::Connect(instance.host, instance.grpc_port, rpc::Credentials::Plain(),
                                     rpc::FixedToken("signaling"));
              },
              *this, {.client = {}, .linger = TimeDelta::Seconds(60)}) {
    MakeDesk();
    const auto prepared = Running(io, store_.Prepare(1)).Wait();
    if (!prepared) throw std::runtime_error(prepared.error().message);
  }
  void MakeDesk() {
    desk_ = std::make_unique<PlacementDesk>(
        io_, store_.placements(), pool_, *this,
        [this](asio::awaitable<void> work) {
          asio::co_spawn(io_, std::move(work), asio::detached);
        },
        PlacementDesk::Options{.region = "north",
                               .on_news =
                                   [this](const PlacementNews& news) {
                                     if (news.kind != PlacementNews::Kind::kMoved) return;
                                     moved.push_back(
                                         fmt::format("{} to {}", news.from, news.media_instance));
                                   },
                               .answer_limit = answer_limit});
  }

  // Comes back when all of them are up.
  void List(const std::map<std::string, FakeInstance>& media) {
    std::vector<Instance> instances;
    for (const auto& [id, instance] : media) {
      instances.push_back({.service = ServiceKind::kMedia,
                           .id = id,
                           .host = "127.0.0.1",
                           .grpc_port = instance.port()});
    }
    pool_.SetInstances(std::move(instances));
    for (const auto& [id, instance] : media) {
      RunUntil(io_, [&] { return pool_.Of(id).is_up(); });
    }
  }
  Running<Result<void>> Find(
      const std::string& room, std::function<bool()> is_wanted = [] { return true; }) {
    return {io_, desk_->Find(room, std::move(is_wanted))};
  }
  // The room's home, once it has one.
  Home HomeOf(const std::string& room) {
    const Result<void> found = Find(room).Wait();
    EXPECT_TRUE(found) << found.error().message;
    return homes[room];
  }
  store::PlacementRow RowOf(const std::string& room) {
    auto row = Running(io_, store_.placements().Find(room)).Wait();
    return row && *row ? **row : store::PlacementRow();
  }

  PlacementDesk& desk() { return *desk_; }
  MediaPool& pool() { return pool_; }

  TimeDelta answer_limit = RowCalls::kAnswerLimit;
  Strings moved;  // "from to where"
  std::map<std::string, Home> homes;
  Strings told;
  bool is_store_away = false;
  bool is_store_silent = false;

 private:
  void OnMediaUp(const std::string& id, MediaListener::Instance) override { desk_->HandleUp(id); }
  void OnMediaGone(const std::string&) override {}
  void OnMediaDown(const std::string& id) override { desk_->HandleDown(id); }
  void OnMediaRefused(const std::string& id) override { desk_->HandleRefused(id); }
  void OnMediaEvent(const std::string& id, const media::v1::Event& event) override {
    if (event.has_load()) desk_->HandleLoad(id, event.load());
    if (event.has_router_closed()) desk_->HandleRouterClosed(id, event.router_closed());
  }
  void OnHome(const std::string& room, const Home& home, Move move) override {
    homes[room] = home;
    const char* names[] = {"first ", "same ", "other "};
    told.push_back(names[static_cast<size_t>(move)] + room);
  }
  void OnNoHome(const std::string& room) override {
    homes.erase(room);
    told.push_back("none " + room);
  }
  void OnHeld(const std::string& room, const Home&) override { told.push_back("held " + room); }

  asio::io_context& io_;
  store::Store store_;
  MediaPool pool_;
  std::unique_ptr<PlacementDesk> desk_;
};

class PlacementDeskTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string why_not;
    backend_ = store::MakeSqliteUnderTest(io_, why_not);
    ASSERT_TRUE(backend_) << why_not;
    a_ = MakeSide();
  }
  void TearDown() override {
    a_.reset();
    b_.reset();
    io_.restart();
    io_.poll();
  }
  std::unique_ptr<Side> MakeSide() { return std::make_unique<Side>(io_, backend_->Open()); }
  // Media m1 to m`count`, which both sides know.
  void StartMedia(int count) {
    for (int i = 1; i <= count; ++i) fakes_["m" + std::to_string(i)];
    a_->List(fakes_);
    if (b_) b_->List(fakes_);
  }
  FakeMedia& Media(const std::string& id) { return fakes_.at(id).media; }
  int64_t HeldAt(const std::string& id, const std::string& room = "room") {
    return Media(id).HeldEpoch(RouterIdOf(room));
  }
  // One in "room", under its epoch.
  void MakeTransport(Side& side, const std::string& id) {
    const Home home = side.HomeOf("room");
    media::v1::CreateTransportRequest request;
    request.set_transport_id(id);
    RoomMedia media(side.pool().Of(home.media_instance), RouterIdOf("room"), home.epoch);
    auto call = media.CreateTransport(std::move(request));
    const auto made = Running(io_, call.Wait()).Wait();
    EXPECT_TRUE(made) << made.error().message;
  }
  void RunFor(TimeDelta time) {
    const auto end = std::chrono::steady_clock::now() + ToChrono(time);
    RunUntil(io_, [end] { return std::chrono::steady_clock::now() >= end; });
  }

  asio::io_context io_{1};
  std::unique_ptr<store::DatabaseUnderTest> backend_;
  std::map<std::string, FakeInstance> fakes_;
  std::unique_ptr<Side> a_;
  std::unique_ptr<Side> b_;
};

TEST_F(PlacementDeskTest, GivesARoomAHomeThatHoldsItsLease) {
  StartMedia(1);
  EXPECT_EQ(a_->HomeOf("room"), (Home{"m1", 1}));
  EXPECT_EQ(HeldAt("m1"), 1);
  EXPECT_EQ(a_->RowOf("room").media_instance, "m1");
  ASSERT_NE(a_->desk().RoomOf(RouterIdOf("room")), nullptr);
  EXPECT_EQ(*a_->desk().RoomOf(RouterIdOf("room")), "room");
  EXPECT_EQ(a_->desk().status().claims_granted, 1U);
  EXPECT_EQ(a_->HomeOf("room"), (Home{"m1", 1})) << "it has it already";
  EXPECT_THAT(a_->told, ElementsAre("first room"));
}

TEST_F(PlacementDeskTest, AgreesWithTheOtherSignalingInstanceAboutEveryRoom) {
  b_ = MakeSide();
  StartMedia(2);
  std::set<std::string> used;
  for (int i = 0; i < 12; ++i) {
    const std::string room = "room-" + std::to_string(i);
    auto at_a = a_->Find(room);  // both at once
    auto at_b = b_->Find(room);
    ASSERT_TRUE(at_a.Wait());
    ASSERT_TRUE(at_b.Wait());
    RunUntil(io_, [&] { return a_->homes[room] == b_->homes[room]; });
    const Home home = a_->homes[room];
    used.insert(home.media_instance);
    EXPECT_EQ(HeldAt(home.media_instance, room), home.epoch);
    EXPECT_EQ(HeldAt(home.media_instance == "m1" ? "m2" : "m1", room), 0) << room;
  }
  EXPECT_EQ(used.size(), 2U) << "both have something to do";
}

TEST_F(PlacementDeskTest, FollowsALeaseThatIsAliveAtOnce) {
  b_ = MakeSide();
  StartMedia(2);
  const Home home = a_->HomeOf("room");
  EXPECT_EQ(b_->HomeOf("room"), home);
  EXPECT_EQ(b_->desk().status().claims_granted, 0U);
}

TEST_F(PlacementDeskTest, DoesNotSendAJoinToALeaseThatHasEnded) {
  b_ = MakeSide();
  StartMedia(1);
  ASSERT_EQ(a_->HomeOf("room").epoch, 1);
  a_.reset();  // killed: the row still says that it has the room
  Media("m1").EndLease(RouterIdOf("room"));
  EXPECT_EQ(b_->HomeOf("room"), (Home{"m1", 2}));
  EXPECT_EQ(HeldAt("m1"), 2);
}

TEST_F(PlacementDeskTest, PlacesARoomAnewWhenMediaSaysThatItsLeaseHasEnded) {
  StartMedia(1);
  (void)a_->HomeOf("room");
  Media("m1").EndLease(RouterIdOf("room"));
  RunUntil(io_, [&] { return HeldAt("m1") == 2; });
  RunUntil(io_, [&] { return a_->homes["room"].epoch == 2; });
  EXPECT_THAT(a_->told, ElementsAre("first room", "none room", "same room"));
}

TEST_F(PlacementDeskTest, ClosesTheRouterAndGivesTheRowBackWhenTheRoomHasEnded) {
  StartMedia(1);
  MakeTransport(*a_, "own");
  a_->desk().End("room", {"own"});
  auto again = a_->Find("room");  // before it has ended
  EXPECT_TRUE(again.Wait());
  EXPECT_EQ(a_->homes["room"].epoch, 2) << "of another life";
  a_->desk().End("room", {});
  RunUntil(io_, [&] { return a_->RowOf("room").media_instance.empty(); });
  EXPECT_EQ(HeldAt("m1"), 0);
  EXPECT_EQ(a_->desk().RoomOf(RouterIdOf("room")), nullptr);
}

TEST_F(PlacementDeskTest, TakesNoRoomForSomebodyWhoHasGoneMeanwhile) {
  StartMedia(1);
  (void)a_->HomeOf("room");
  a_->desk().End("room", {});
  bool is_there = true;
  auto next = a_->Find("room", [&] { return is_there; });
  io_.poll_one();
  is_there = false;
  EXPECT_EQ(ErrorOf(next.Wait()).code, ErrorCode::kPlacementUnavailable);
  RunUntil(io_, [&] { return a_->desk().RoomOf(RouterIdOf("room")) == nullptr; });
}

TEST_F(PlacementDeskTest, LeavesTheRouterToOthersWhoStay) {
  b_ = MakeSide();
  StartMedia(1);
  MakeTransport(*a_, "own");
  MakeTransport(*b_, "others");
  a_->desk().End("room", {"own"});
  RunUntil(io_, [&] { return b_->homes["room"].epoch == 2; });  // taken over
  const auto routers = Media("m1").routers();
  ASSERT_EQ(routers.size(), 1U);
  EXPECT_TRUE(routers.begin()->second.transports.contains("others"));
  EXPECT_FALSE(routers.begin()->second.transports.contains("own"));
  EXPECT_THAT(b_->told, ElementsAre("first room", "same room")) << "it was never without one";
}

TEST_F(PlacementDeskTest, GivesNewRoomsToThoseThatDoNotDrain) {
  StartMedia(2);
  const Home before = a_->HomeOf("old");
  FakeMedia& draining = Media(before.media_instance);
  draining.SetIntake(FakeMedia::Intake::kDraining);
  for (int i = 0; i < 8; ++i) {
    const Home home = a_->HomeOf("room-" + std::to_string(i));
    EXPECT_NE(home.media_instance, before.media_instance);
  }
  EXPECT_EQ(a_->homes["old"], before) << "it goes on";
  EXPECT_EQ(HeldAt(before.media_instance, "old"), before.epoch);
}

TEST_F(PlacementDeskTest, SaysWhyThereIsNoHomeWhereMediaIsFull) {
  StartMedia(1);
  Media("m1").SetIntake(FakeMedia::Intake::kFull);
  const Result<void> found = a_->Find("room").Wait();
  EXPECT_EQ(ErrorOf(found).code, ErrorCode::kMediaUnavailable);
  EXPECT_EQ(a_->desk().status().waits_refused, 1U);
}

TEST_F(PlacementDeskTest, GoesOnWithoutTheStoreAndTakesNothingNew) {
  StartMedia(1);
  const Home home = a_->HomeOf("room");
  a_->is_store_away = true;
  const Result<void> found = a_->Find("new").Wait();
  EXPECT_EQ(ErrorOf(found).code, ErrorCode::kPlacementUnavailable);
  RunUntil(io_, [&] { return std::ranges::count(a_->told, "held room") > 1; });
  EXPECT_EQ(a_->HomeOf("room"), home);
  EXPECT_EQ(HeldAt("m1"), home.epoch);
  a_->is_store_away = false;
  EXPECT_EQ(a_->HomeOf("new"), (Home{"m1", 1}));
  EXPECT_EQ(a_->homes["room"], home);
}

// As when packets to it are lost: no answer, and no refusal either.
TEST_F(PlacementDeskTest, GoesOnWithAStoreThatHangs) {
  a_->answer_limit = TimeDelta::Millis(300);
  a_->MakeDesk();
  StartMedia(1);
  const Home home = a_->HomeOf("room");
  a_->is_store_silent = true;
  RunUntil(io_, [&] { return std::ranges::count(a_->told, "held room") > 1; });
  const Result<void> found = a_->Find("new").Wait();
  EXPECT_EQ(ErrorOf(found).code, ErrorCode::kPlacementUnavailable);
  EXPECT_EQ(HeldAt("m1"), home.epoch);
  a_->is_store_silent = false;
  EXPECT_EQ(a_->HomeOf("new"), (Home{"m1", 1}));
  EXPECT_EQ(a_->homes["room"], home);
}

// By its own clock the keeper believes nobody's word about a claim that is younger than some
// seconds: these two have to wait.
TEST_F(PlacementDeskTest, WaitsInSilenceAndMovesAtOnceWhenAConnectionIsRefused) {
  StartMedia(2);
  const Home before = a_->HomeOf("room");
  Media(before.media_instance).GoAway();
  RunFor(RoomLease::kTakeWindow + RoomLease::kMediaDeadline + TimeDelta::Millis(500));
  EXPECT_EQ(a_->homes["room"], before) << "it may live on where we cannot see it";
  fakes_.at(before.media_instance).Die();
  RunUntil(io_, [&] { return a_->told.back() == "other room"; });
  const Home after = a_->homes["room"];
  EXPECT_NE(after.media_instance, before.media_instance);
  EXPECT_EQ(after.epoch, before.epoch + 1);
  EXPECT_EQ(HeldAt(after.media_instance), after.epoch);
  EXPECT_EQ(a_->desk().status().moves, 1U);
  EXPECT_THAT(a_->moved, ElementsAre(before.media_instance + " to " + after.media_instance));
}

TEST_F(PlacementDeskTest, TakesAnotherProcessUnderTheSameIdForTheEndOfTheOneBefore) {
  StartMedia(1);
  (void)a_->HomeOf("room");
  RunFor(RoomLease::kTakeWindow + RoomLease::kMediaDeadline + TimeDelta::Millis(500));
  Media("m1").Restart();
  RunUntil(io_, [&] { return HeldAt("m1") == 2; });
  RunUntil(io_, [&] { return a_->homes["room"].epoch == 2; });
}

TEST_F(PlacementDeskTest, MayGoWhileCallsAreUnderWay) {
  StartMedia(1);
  auto found = a_->Find("room");
  a_->desk().End("other", {});
  io_.poll_one();
  a_->MakeDesk();  // the one before ends
  io_.restart();
  io_.poll();
}

}  // namespace
}  // namespace confab::signaling
