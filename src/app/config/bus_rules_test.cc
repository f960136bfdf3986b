#include "app/config/bus_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/config/config_load.h"

namespace confab::app {
namespace {

using testing::ElementsAre, testing::HasSubstr, testing::IsEmpty, testing::Not;

std::vector<std::string> ProblemsOf(const Config& config) {
  std::vector<std::string> texts;
  for (const ConfigProblem& problem : CheckConfig(config)) texts.push_back(problem.ToString());
  return texts;
}

TEST(BusRules, ChooseRedisByItselfWhereOneIsGiven) {
  Config::Bus config;
  EXPECT_EQ(ChooseBus(config), BusChoice::kNone);
  config.redis_url = "redis://127.0.0.1";
  EXPECT_EQ(ChooseBus(config), BusChoice::kRedis);
  config.backend = "none";
  EXPECT_EQ(ChooseBus(config), BusChoice::kNone);
  config.backend = "memory";
  EXPECT_EQ(ChooseBus(config), BusChoice::kMemory);
}

TEST(BusRules, WantAUrlForRedis) {
  Config config;
  EXPECT_THAT(ProblemsOf(config), IsEmpty());
  config.bus.backend = "redis";
  EXPECT_THAT(ProblemsOf(config), ElementsAre(HasSubstr("needs to know where Redis is")));
  config.bus.redis_url = "rediss://confab@redis.example.org:6380/1";
  EXPECT_THAT(ProblemsOf(config), IsEmpty());
}

TEST(BusRules, NameTheKeyAndHideThePassword) {
  Config config;
  config.bus.redis_url = "redis://u:secret@h";
  config.relay.redis_url = "http://h";
  EXPECT_THAT(ProblemsOf(config),
              ElementsAre(testing::AllOf(HasSubstr("bus.redis_url"), Not(HasSubstr("secret"))),
                          HasSubstr("relay.redis_url")));
}

TEST(BusRules, RefuseARegionAndAnAddressThatAreNone) {
  Config config;
  config.relay.region = "EU";
  config.relay.address = "auto";
  EXPECT_THAT(ProblemsOf(config),
              ElementsAre(HasSubstr("relay.region"), HasSubstr("relay.address")));
}

TEST(BusRules, BeatOftenEnoughForAShortTtl) {
  Config::Bus config;
  EXPECT_EQ(BusTimesOf(config).beat, bus::Times().beat);
  config.ttl = TimeDelta::Seconds(1);
  EXPECT_EQ(BusTimesOf(config).beat, TimeDelta::Millis(200));
  config.ttl = TimeDelta::Seconds(60);
  EXPECT_GT(BusTimesOf(config).remote_ttl, config.ttl);
}

}  // namespace
}  // namespace confab::app
