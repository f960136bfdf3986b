#include "backends/bus/relay/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "backends/bus/ledger_bus.h"
#include "backends/bus/memory/memory_ledger.h"
#include "backends/bus/redis/redis_ledger.h"
#include "backends/bus/testing/faulty_ledger.h"
#include "backends/bus/testing/ledgers_under_test.h"
#include "backends/bus/testing/loop.h"
#include "backends/bus/testing/room_view.h"
#include "backends/bus/testing/small_redis.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::Pair;

// Two regions, "eu" and "us", each with a place of its own.
class Regions {
 public:
  virtual ~Regions() = default;
  virtual std::unique_ptr<Ledger> Make(const std::string& region) = 0;
  virtual void Wipe(const std::string& region) = 0;
};

class MemoryRegions final : public Regions {
 public:
  MemoryRegions(asio::io_context& io, const Times& times) : io_(io) {
    hubs_["eu"] = std::make_shared<MemoryHub>(times);
    hubs_["us"] = std::make_shared<MemoryHub>(times);
  }
  std::unique_ptr<Ledger> Make(const std::string& region) override {
    return std::make_unique<MemoryLedger>(io_, hubs_.at(region));
  }
  void Wipe(const std::string& region) override { hubs_.at(region)->Wipe(); }

 private:
  asio::io_context& io_;
  std::map<std::string, std::shared_ptr<MemoryHub>> hubs_;
};

class RedisRegions final : public Regions {
 public:
  RedisRegions(asio::io_context& io, const Times& times) : io_(io), times_(times) {
    servers_["eu"] = SmallRedis::Start(why_not_);
    servers_["us"] = SmallRedis::Start(why_not_);
  }
  const std::string& why_not() const { return why_not_; }
  std::unique_ptr<Ledger> Make(const std::string& region) override {
    return std::make_unique<RedisLedger>(io_, servers_.at(region)->options(), region, times_);
  }
  void Wipe(const std::string& region) override { servers_.at(region)->Command({"FLUSHALL"}); }

 private:
  asio::io_context& io_;
  Times times_;
  std::string why_not_;
  std::map<std::string, std::unique_ptr<SmallRedis>> servers_;
};

enum class Place : uint8_t { kMemory, kRedis };

class RelayTest : public testing::TestWithParam<Place> {
 protected:
  void SetUp() override { Begin(QuickTimes()); }
  void TearDown() override {
    relay_.reset();
    eu_.reset();
    us_.reset();
    Settle(io_);
  }
  void Begin(const Times& times) {
    times_ = times;
    eu_.reset();
    us_.reset();
    if (GetParam() == Place::kMemory) {
      regions_ = std::make_unique<MemoryRegions>(io_, times);
    } else {
      auto redis = std::make_unique<RedisRegions>(io_, times);
      if (!redis->why_not().empty()) GTEST_SKIP() << redis->why_not();
      regions_ = std::move(redis);
    }
    eu_ = MakeBus("eu");
    us_ = MakeBus("us");
  }
  std::unique_ptr<LedgerBus> MakeBus(const std::string& region) {
    return std::make_unique<LedgerBus>(io_, regions_->Make(region), NameOf("one", region), times_);
  }
  void StartRelay(std::shared_ptr<FaultPlan> plan = nullptr) {
    auto eu = regions_->Make("eu");
    auto us = regions_->Make("us");
    if (plan) {
      eu = std::make_unique<FaultyLedger>(std::move(eu), plan);
      us = std::make_unique<FaultyLedger>(std::move(us), plan);
    }
    Relay::Side one{.ledger = std::move(eu), .region = "eu"};
    Relay::Side other{.ledger = std::move(us), .region = "us"};
    relay_ = std::make_unique<Relay>(io_, std::move(one), std::move(other), times_);
  }
  bool Until(const std::function<bool()>& condition) { return RunUntil(io_, condition); }
  void Change(Bus& bus, RoomChange change, const std::string& room = "room") {
    EXPECT_TRUE(Await(io_, bus.Change(room, std::move(change), Patience::kKeep)));
  }

  asio::io_context io_;
  Times times_;
  std::unique_ptr<Regions> regions_;
  std::unique_ptr<LedgerBus> eu_;
  std::unique_ptr<LedgerBus> us_;
  std::unique_ptr<Relay> relay_;
};

TEST_P(RelayTest, BringsWhatHappensInEachRegionToTheOtherOnce) {
  StartRelay();
  RoomView in_eu(io_, *eu_, "room");
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_eu.is_following() && in_us.is_following(); }));
  for (int i = 1; i <= 5; ++i) {
    const std::string number = std::to_string(i);
    Change(*eu_, {.set = {{.key = "e", .value = number}}, .event = "e" + number});
    Change(*us_, {.set = {{.key = "u", .value = number}}, .event = "u" + number});
  }
  ASSERT_TRUE(Until([&] { return in_eu.events().size() >= 10 && in_us.events().size() >= 10; }))
      << testing::PrintToString(in_eu.events()) << " and " << testing::PrintToString(in_us.events())
      << ", " << relay_->status().reason;
  Change(*eu_, {.remove = {"e"}, .event = "e6"});
  ASSERT_TRUE(Until([&] { return in_us.events().size() >= 11 && in_eu.events().size() >= 11; }));
  for (const RoomView* view : {&in_eu, &in_us}) {
    EXPECT_THAT(view->EventsOf(eu_->self()), ElementsAre("e1", "e2", "e3", "e4", "e5", "e6"));
    EXPECT_THAT(view->EventsOf(us_->self()), ElementsAre("u1", "u2", "u3", "u4", "u5"));
    EXPECT_THAT(view->values(), ElementsAre(Pair("u", "5")));
    EXPECT_EQ(view->resets(), 0);
  }
  // The last answer comes to the relay after the entry has come to the followers.
  EXPECT_TRUE(Until([&] { return relay_->status().relayed >= 11; }));
  EXPECT_EQ(relay_->status().relayed, 11u) << "nothing goes round in circles";
  EXPECT_TRUE(relay_->status().is_up);
}

TEST_P(RelayTest, CatchesUpAfterItWasAway) {
  StartRelay();
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_us.is_following(); }));
  Change(*eu_, {.set = {{.key = "a", .value = "1"}}, .event = "e1"});
  ASSERT_TRUE(Until([&] { return in_us.events().size() == 1; }));
  relay_.reset();
  Change(*eu_, {.set = {{.key = "a", .value = "2"}}, .event = "e2"});
  Change(*eu_, {.event = "e3"});
  Change(*us_, {.set = {{.key = "b", .value = "1"}}, .event = "u1"});
  StartRelay();
  ASSERT_TRUE(Until([&] { return in_us.EventsOf(eu_->self()).size() >= 3; }));
  EXPECT_THAT(in_us.EventsOf(eu_->self()), ElementsAre("e1", "e2", "e3"));
  EXPECT_THAT(in_us.values(), ElementsAre(Pair("a", "2"), Pair("b", "1")));
  EXPECT_EQ(in_us.resets(), 0);
  RoomView in_eu(io_, *eu_, "room");
  ASSERT_TRUE(Until([&] { return in_eu.values().contains("b"); }));
}

TEST_P(RelayTest, GoesOnInRoomsThatItHadForgotten) {
  Times times = QuickTimes();
  times.relay_memory = TimeDelta();  // until the next news, if no work is under way then
  ASSERT_NO_FATAL_FAILURE(Begin(times));
  if (!regions_) return;
  const auto plan = std::make_shared<FaultPlan>();
  StartRelay(plan);
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_us.is_following(); }));
  // Each of the two ways asks once, and again where it had forgotten the room.
  const auto asked = [&] { return std::ranges::count(plan->marks, "room"); };
  std::vector<std::string> told;
  while (asked() < 10 && told.size() < 200) {
    told.push_back("e" + std::to_string(told.size()));
    Change(*eu_, {.event = told.back()});
    ASSERT_TRUE(Until([&] { return in_us.events().size() >= told.size(); }));
    Settle(io_);
  }
  EXPECT_GE(asked(), 10);
  EXPECT_THAT(in_us.events(), ElementsAreArray(told));
  EXPECT_EQ(in_us.resets(), 0);
  EXPECT_TRUE(Until([&] { return relay_->status().relayed >= told.size(); }));
  EXPECT_EQ(relay_->status().relayed, told.size());
  EXPECT_EQ(relay_->status().left_out, 0u);
}

TEST_P(RelayTest, RestoresRoomsThatItHadForgottenToARegionThatWasWiped) {
  Times times = QuickTimes();
  times.relay_memory = TimeDelta();
  ASSERT_NO_FATAL_FAILURE(Begin(times));
  if (!regions_) return;
  StartRelay();
  const auto is_in_us = [&] {
    const auto state = Await(io_, us_->Snapshot("room"));
    return state && state->fields.size() == 1;
  };
  Change(*eu_, {.set = {{.key = "a", .value = "1"}}});
  ASSERT_TRUE(Until(is_in_us));
  RoomView other(io_, *us_, "other");
  ASSERT_TRUE(Until([&] { return other.is_following(); }));
  for (size_t i = 1; i <= 10; ++i) {
    Change(*eu_, {.event = "e"}, "other");
    ASSERT_TRUE(Until([&] { return other.events().size() >= i; }));
    Settle(io_);
  }
  regions_->Wipe("us");
  EXPECT_TRUE(Until(is_in_us));
}

TEST_P(RelayTest, HidesNoEventBehindAStateThatIsAhead) {
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_us.is_following(); }));
  Change(*eu_, {.event = "e1"});
  const auto plan = std::make_shared<FaultPlan>();
  plan->before_snapshot = [this, snapshots = 0]() mutable -> asio::awaitable<void> {
    if (snapshots++ > 0) co_return;
    RoomChange change{.event = "e2"};
    const auto done = co_await eu_->Change("room", std::move(change), Patience::kKeep);
    EXPECT_TRUE(done.has_value());
  };
  StartRelay(plan);
  ASSERT_TRUE(Until([&] { return in_us.events().size() >= 2; }));
  EXPECT_THAT(in_us.events(), ElementsAre("e1", "e2"));
  EXPECT_EQ(in_us.resets(), 0);
}

TEST_P(RelayTest, BringsTheStateWhereTheLogDoesNotReachBack) {
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_us.is_following(); }));
  for (size_t i = 0; i <= kMaxLogEntries; ++i) {
    asio::co_spawn(io_, eu_->Change("room", {.event = "e"}, Patience::kKeep), asio::detached);
  }
  Change(*eu_, {.set = {{.key = "a", .value = "1"}}});
  StartRelay();
  ASSERT_TRUE(Until([&] { return in_us.values().contains("a"); }));
  EXPECT_GT(in_us.resets(), 0) << "it is told that it missed something";
}

TEST_P(RelayTest, TellsEachRegionWhoIsAliveInTheOther) {
  StartRelay();
  std::vector<InstanceName> alive;
  const auto following =
      us_->FollowInstances([&](const std::vector<InstanceName>& now) { alive = now; });
  ASSERT_TRUE(Until([&] { return std::ranges::count(alive, eu_->self()) == 1; }));
  bool has_left = false;
  asio::co_spawn(io_, eu_->Leave(TimeDelta::Seconds(10)),
                 [&](std::exception_ptr) { has_left = true; });
  ASSERT_TRUE(Until([&] { return has_left && std::ranges::count(alive, eu_->self()) == 0; }));
}

TEST_P(RelayTest, PassesMessagesOn) {
  StartRelay();
  std::vector<std::string> heard;
  us_->SetOnMessage([&](const InstanceName& from, const std::string& bytes) {
    EXPECT_EQ(from, eu_->self());
    heard.push_back(bytes);
  });
  ASSERT_TRUE(Until([&] { return Await(io_, eu_->Send(us_->self(), "mute")).has_value(); }));
  ASSERT_TRUE(Until([&] { return !heard.empty(); }));
  EXPECT_THAT(heard, ElementsAre("mute"));
}

TEST_P(RelayTest, RestoresARegionThatWasWiped) {
  StartRelay();
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_us.is_following(); }));
  Change(*eu_, {.set = {{.key = "a", .value = "1"}}, .event = "e1"});
  Change(*us_, {.set = {{.key = "b", .value = "1"}}, .event = "u1"});
  ASSERT_TRUE(Until([&] { return in_us.events().size() == 2; }));
  regions_->Wipe("us");
  ASSERT_TRUE(Until([&] {
    const auto state = Await(io_, us_->Snapshot("room"));
    return state && state->fields.size() == 2;
  }));
  regions_->Wipe("eu");
  ASSERT_TRUE(Until([&] {
    const auto state = Await(io_, eu_->Snapshot("room"));
    return state && state->fields.size() == 2;
  }));
  Change(*eu_, {.event = "e2"});
  ASSERT_TRUE(Until([&] { return in_us.EventsOf(eu_->self()).size() >= 2; }));
  EXPECT_THAT(in_us.EventsOf(eu_->self()), ElementsAre("e1", "e2"));
  EXPECT_THAT(in_us.EventsOf(us_->self()), ElementsAre("u1"));
  EXPECT_THAT(in_us.values(), ElementsAre(Pair("a", "1"), Pair("b", "1")));
}

TEST_P(RelayTest, RestoresThoseWhoWereTakenForGoneWhileItWasAway) {
  StartRelay();
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_us.is_following(); }));
  Change(*eu_, {.set = {{.key = "a", .value = "1"}}, .event = "e1"});
  ASSERT_TRUE(Until([&] { return in_us.values().contains("a"); }));
  relay_.reset();
  const auto ledger = regions_->Make("us");
  ledger->Listen({.on_news = [](const auto&) {},
                  .on_message = [](const auto&, const auto&) {},
                  .on_instances = [] {}});
  std::vector<InstanceName> none;
  ASSERT_TRUE(Await(io_, ledger->DoBeat(InstanceName(), none)));
  Draft draft{.kind = EntryKind::kGone, .origin = eu_->self()};
  ASSERT_TRUE(Await(io_, ledger->Write("room", draft)));
  ASSERT_TRUE(Until([&] { return in_us.values().empty(); }));
  StartRelay();
  ASSERT_TRUE(Until([&] { return in_us.values().contains("a"); }));
  EXPECT_THAT(in_us.events(), ElementsAre("e1"));
}

TEST_P(RelayTest, RemovesInBothRegionsWhatOneThatIsGoneHasLeftBehind) {
  Times times = QuickTimes();
  times.ttl = TimeDelta::Millis(300);
  times.remote_ttl = TimeDelta::Millis(600);
  ASSERT_NO_FATAL_FAILURE(Begin(times));
  if (!regions_) return;
  StartRelay();
  RoomView in_us(io_, *us_, "room");
  ASSERT_TRUE(Until([&] { return in_us.is_following(); }));
  Change(*eu_, {.set = {{.key = "a", .value = "1"}}});
  ASSERT_TRUE(Until([&] { return in_us.values().contains("a"); }));
  eu_.reset();
  ASSERT_TRUE(Until([&] { return in_us.values().empty(); }));
  const auto state = Await(io_, us_->Snapshot("room"));
  EXPECT_THAT(state->fields, IsEmpty());
}

TEST_P(RelayTest, RelaysEverythingOnceWhicheverQuestionFails) {
  for (const Fault fault : {Fault::kBefore, Fault::kAfter}) {
    for (uint64_t n = 1; n <= 25; ++n) {
      const std::string room = "room" + std::to_string(static_cast<uint64_t>(fault) * 100 + n);
      SCOPED_TRACE(room);
      const auto plan = std::make_shared<FaultPlan>();
      plan->next = [raw = plan.get(), n, fault] {
        return raw->questions == n ? fault : Fault::kNone;
      };
      RoomView in_us(io_, *us_, room);
      RoomView in_eu(io_, *eu_, room);
      ASSERT_TRUE(Until([&] { return in_us.is_following() && in_eu.is_following(); }));
      StartRelay(plan);
      Change(*eu_, {.set = {{.key = "a", .value = "1"}}, .event = "e1"}, room);
      Change(*us_, {.event = "u1"}, room);
      Change(*eu_, {.event = "e2"}, room);
      ASSERT_TRUE(Until([&] { return in_us.events().size() >= 3 && in_eu.events().size() >= 3; }));
      EXPECT_THAT(in_us.EventsOf(eu_->self()), ElementsAre("e1", "e2"));
      EXPECT_THAT(in_eu.EventsOf(us_->self()), ElementsAre("u1"));
      EXPECT_EQ(in_us.resets() + in_eu.resets(), 0);
      relay_.reset();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, RelayTest, testing::Values(Place::kMemory, Place::kRedis),
                         [](const auto& test) {
                           return test.param == Place::kMemory ? "Memory" : "Redis";
                         });

}  // namespace
}  // namespace confab::bus
