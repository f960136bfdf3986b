#include "app/parts/bus_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/parts/relay_part.h"
#include "backends/bus/testing/loop.h"
#include "backends/bus/testing/room_view.h"
#include "backends/bus/testing/small_redis.h"

namespace confab::app {
namespace {

using bus::Await, bus::RoomView, bus::RunUntil, bus::SmallRedis;
using testing::ElementsAre, testing::HasSubstr, testing::Pair;

// What one process is given.
class Process {
 public:
  Process(asio::io_context& io, const std::string& id, Config config)
      : config_(std::move(config)),
        environment_{.io = io,
                     .config = config_,
                     .logger = observe::Logger(writer_, "app", id),
                     .metrics = metrics_,
                     .instance_id = id} {}

  const Environment& environment() const { return environment_; }
  std::string Metrics() const { return metrics_.Exposition(); }

 private:
  Config config_;
  observe::LogWriter writer_{observe::LogWriterOptions{.output = [](std::string_view) {}}};
  observe::MetricsRegistry metrics_;
  Environment environment_;
};

Config InRegion(const std::string& region, const SmallRedis& redis) {
  Config config;
  config.instance.region = region;
  config.bus.redis_url = "redis://127.0.0.1:" + std::to_string(redis.options().port);
  return config;
}

std::unique_ptr<BusPart> Signaling(const Process& process) {
  auto opened = BusPart::Open(process.environment(), BusPart::Peers::kOtherProcesses);
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
  return opened ? std::move(*opened) : nullptr;
}

TEST(BusPart, IsNoneUnlessItIsAskedFor) {
  asio::io_context io;
  const Process process(io, "s1", Config());
  EXPECT_EQ(Signaling(process), nullptr);
}

TEST(BusPart, IsInMemoryWhereThatIsAskedFor) {
  asio::io_context io;
  Config config;
  config.bus.backend = "memory";
  const Process process(io, "s1", config);
  const auto part = Signaling(process);
  ASSERT_TRUE(RunUntil(io, [&] { return part->bus().status().is_up; }));
  EXPECT_TRUE(part->Ready().is_ready);
  EXPECT_EQ(part->Ready().reason, "");
  EXPECT_THAT(process.Metrics(), HasSubstr("confab_bus_up 1\n"));
  EXPECT_THAT(process.Metrics(), HasSubstr("confab_bus_calls_total{outcome=\"answered\"} 1\n"));
}

TEST(BusPart, HasNoUseForRedisWhereAllIsOneProcess) {
  asio::io_context io;
  Config config;
  config.bus.redis_url = "redis://127.0.0.1:1";
  const Process shared(io, "serve", config);
  const auto none = BusPart::Open(shared.environment(), BusPart::Peers::kNone);
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, nullptr) << "a file for all processes may name Redis";
  config.bus.backend = "redis";
  const Process process(io, "serve", config);
  const auto part = BusPart::Open(process.environment(), BusPart::Peers::kNone);
  ASSERT_FALSE(part);
  EXPECT_EQ(part.error().code, ErrorCode::kInvalidConfiguration);
  EXPECT_THAT(part.error().message, HasSubstr("leave bus.backend out"));
}

TEST(BusPart, IsReadyThoughRedisIsAwayAndSaysSo) {
  asio::io_context io;
  Config config;
  config.bus.redis_url = "redis://127.0.0.1:1";
  const Process process(io, "s1", config);
  const auto part = Signaling(process);
  ASSERT_TRUE(RunUntil(io, [&] { return part->bus().status().unanswered > 0; }));
  EXPECT_TRUE(part->Ready().is_ready);
  EXPECT_THAT(part->Ready().reason, HasSubstr("Calls go on"));
  EXPECT_THAT(process.Metrics(), HasSubstr("confab_bus_up 0\n"));
}

TEST(BusPart, SaysGoodbyeWhenItStops) {
  asio::io_context io;
  std::string why_not;
  const auto redis = SmallRedis::Start(why_not);
  if (!redis) GTEST_SKIP() << why_not;
  const Process here(io, "s1", InRegion("eu", *redis)), there(io, "s2", InRegion("eu", *redis));
  const auto one = Signaling(here), other = Signaling(there);
  size_t alive = 0;
  const auto following =
      other->bus().FollowInstances([&](const auto& names) { alive = names.size(); });
  ASSERT_TRUE(RunUntil(io, [&] { return alive == 2; }));
  ASSERT_TRUE(Await(io, [](BusPart& part) -> asio::awaitable<bool> {
    co_await part.Stop(TimeDelta::Seconds(5));
    co_return true;
  }(*one)));
  EXPECT_TRUE(RunUntil(io, [&] { return alive == 1; }));
}

TEST(RelayPart, NamesTheKeyThatIsMissing) {
  asio::io_context io;
  Config config;
  config.instance.region = "eu";
  config.bus.redis_url = "redis://127.0.0.1:1";
  config.relay.region = "us";
  const Process lacking(io, "r1", config);
  EXPECT_THAT(RelayPart::Open(lacking.environment()).error().message, HasSubstr("relay.redis_url"));
  config.relay.redis_url = "redis://127.0.0.1:2";
  config.relay.region = "eu";
  const Process same(io, "r1", config);
  EXPECT_THAT(RelayPart::Open(same.environment()).error().message, HasSubstr("two regions"));
}

TEST(RelayPart, JoinsTheSignalingOfTwoRegions) {
  asio::io_context io;
  std::string why_not;
  const auto eu = SmallRedis::Start(why_not), us = SmallRedis::Start(why_not);
  if (!eu || !us) GTEST_SKIP() << why_not;
  const Process here(io, "s1", InRegion("eu", *eu)), there(io, "s1", InRegion("us", *us));
  Config between = InRegion("eu", *eu);
  between.relay.region = "us";
  between.relay.redis_url = InRegion("us", *us).bus.redis_url;
  const Process relaying(io, "r1", between);
  const auto relay = RelayPart::Open(relaying.environment());
  ASSERT_TRUE(relay) << relay.error().message;
  const auto ann = Signaling(here), bob = Signaling(there);
  RoomView view(io, bob->bus(), "room");
  ASSERT_TRUE(RunUntil(io, [&] { return view.is_following() && (*relay)->Ready().is_ready; }));

  bus::RoomChange change{.set = {{.key = "ann", .value = "here"}}};
  ASSERT_TRUE(Await(io, ann->bus().Change("room", std::move(change), bus::Patience::kKeep)));
  ASSERT_TRUE(RunUntil(io, [&] { return !view.values().empty(); }));
  EXPECT_THAT(view.values(), ElementsAre(Pair("ann", "here")));
  EXPECT_THAT(relaying.Metrics(), HasSubstr("confab_relay_up 1\n"));
  EXPECT_TRUE(RunUntil(io, [&] {
    return relaying.Metrics().find("confab_relay_changes_total 1\n") != std::string::npos;
  }));

  us->Kill();
  ASSERT_TRUE(RunUntil(io, [&] { return !(*relay)->Ready().is_ready; }));
  EXPECT_NE((*relay)->Ready().reason, "");
}

}  // namespace
}  // namespace confab::app
