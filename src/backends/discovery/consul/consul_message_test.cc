#include "backends/discovery/consul/consul_message.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "backends/discovery/testing/instances.h"

namespace confab::discovery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// An entry whose Service is the registration itself, as Consul gives it back.
std::string EntryOf(const Instance& instance) {
  return fmt::format(R"({{"Node":{{"Address":"192.0.2.9"}},"Service":{},"Checks":[]}})",
                     RegistrationJson(instance, TimeDelta::Seconds(10)));
}

std::string WithMeta(std::string_view meta) {
  return fmt::format(R"({{"Service":{{"ID":"x","Address":"192.0.2.1","Meta":{}}}}})", meta);
}

ConsulAnswer Parse(const std::string& entries) {
  const auto answer = ParseConsulAnswer(ServiceKind::kSignaling, "[" + entries + "]");
  if (!answer) ADD_FAILURE() << answer.error().message;
  return answer.value_or(ConsulAnswer());
}

TEST(RegistrationJson, HoldsWhatConsulNeeds) {
  const auto body =
      boost::json::parse(RegistrationJson(SignalingInstance("s1"), TimeDelta::Seconds(10)))
          .as_object();
  EXPECT_EQ(body.at("ID"), "confab-signaling-s1");
  EXPECT_EQ(body.at("Name"), "confab-signaling");
  EXPECT_EQ(body.at("Address"), "192.0.2.1");
  EXPECT_EQ(body.at("Port"), 5000);
  EXPECT_EQ(body.at("Tags"), boost::json::array({"eu-north"}));
  EXPECT_EQ(body.at("Meta"), (boost::json::object{{"instance", "s1"},
                                                  {"http_port", "5000"},
                                                  {"grpc_port", "5001"},
                                                  {"region", "eu-north"}}));
  const auto& check = body.at("Check").as_object();
  EXPECT_EQ(check.at("CheckID"), "service:confab-signaling-s1");
  EXPECT_EQ(check.at("TTL"), "10000ms");
  EXPECT_EQ(check.at("Status"), "passing");
  EXPECT_EQ(check.at("DeregisterCriticalServiceAfter"), "1m");
}

TEST(RegistrationJson, GivesTheGrpcPortWhereThereIsNoOther) {
  const auto body = boost::json::parse(RegistrationJson(MediaInstance("m"), TimeDelta::Seconds(1)));
  EXPECT_EQ(body.at("Port"), 50'051);
  EXPECT_EQ(body.at("Tags"), boost::json::array());
}

TEST(ParseConsulAnswer, ReadsBackWhatWasRegistered) {
  const Instance one = SignalingInstance("a");
  Instance other = SignalingInstance("b");
  other.host = "signaling.example.org";
  other.region = "";
  EXPECT_THAT(Parse(EntryOf(one) + "," + EntryOf(other)).instances, ElementsAre(one, other));
}

TEST(ParseConsulAnswer, TakesTheNodesAddressWhereTheServiceHasNone) {
  Instance instance = SignalingInstance("a");
  instance.host = "";
  const ConsulAnswer answer = Parse(EntryOf(instance));
  ASSERT_EQ(answer.instances.size(), 1u);
  EXPECT_EQ(answer.instances[0].host, "192.0.2.9");
}

TEST(ParseConsulAnswer, RefusesWhatIsNoJsonArray) {
  for (const char* text : {"", "[", "{}", "null", "7", "[{}", "[]]", "\xff"}) {
    const auto answer = ParseConsulAnswer(ServiceKind::kMedia, text);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidMessage);
  }
  EXPECT_FALSE(ParseConsulAnswer(ServiceKind::kMedia, std::string(1000, '[')));
}

TEST(ParseConsulAnswer, SkipsEntriesThatAreNoInstancesAndSaysWhyOfTheFirst) {
  const std::pair<std::string, const char*> cases[] = {
      {"7", "it has no Service"},
      {"{}", "it has no Service"},
      {R"({"Service":[]})", "it has no Service"},
      {R"({"Service":{"ID":"x","Address":"h"}})", "its Service has no Meta"},
      {WithMeta("null"), "its Service has no Meta"},
      {WithMeta(R"({"http_port":"1"})"), "its id is not"},
      {WithMeta(R"({"instance":7,"http_port":"1"})"), "its id is not"},
      {WithMeta(R"({"instance":"a.b","http_port":"1"})"), "its id is not"},
      {WithMeta(R"({"instance":"a","http_port":"65536"})"), "a port in its Meta is none"},
      {WithMeta(R"({"instance":"a","http_port":"-1"})"), "a port in its Meta is none"},
      {WithMeta(R"({"instance":"a","http_port":"0","grpc_port":""})"), "it has no port"},
      {WithMeta(R"({"instance":"a","http_port":8})"), "it has no port"},
      {WithMeta(R"({"instance":"a","http_port":"1","region":"E U"})"), "its region is not"},
      {R"({"Service":{"Address":"a b","Meta":{"instance":"a","http_port":"1"}}})", "its host is"},
      {R"({"Service":{"Meta":{"instance":"a","http_port":"1"}}})", "its host is"},
  };
  for (const auto& [entry, why] : cases) {
    const ConsulAnswer answer = Parse(entry + "," + EntryOf(SignalingInstance("good")));
    EXPECT_EQ(answer.skipped, 1u) << entry;
    EXPECT_THAT(answer.first_skipped, HasSubstr(why)) << entry;
    ASSERT_EQ(answer.instances.size(), 1u) << entry;
    EXPECT_EQ(answer.instances[0].id, "good");
  }
}

TEST(ParseConsulAnswer, KeepsTheFirstOfTwoWithOneId) {
  const Instance first = SignalingInstance("a");
  Instance second = first;
  second.host = "192.0.2.77";
  const ConsulAnswer answer = Parse(EntryOf(first) + "," + EntryOf(second));
  EXPECT_THAT(answer.instances, ElementsAre(first));
  EXPECT_EQ(answer.skipped, 1u);
}

TEST(ParseConsulAnswer, TakesNoMoreThanItsLimit) {
  std::string entries;
  for (size_t i = 0; i < kMaxConsulInstances + 2; ++i) {
    entries += (i == 0 ? "" : ",") + EntryOf(SignalingInstance(std::to_string(i)));
  }
  const ConsulAnswer answer = Parse(entries);
  EXPECT_EQ(answer.instances.size(), kMaxConsulInstances);
  EXPECT_EQ(answer.skipped, 2u);
}

}  // namespace
}  // namespace confab::discovery
