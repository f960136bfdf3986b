#include "services/gateway/signaling_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/rendezvous.h"

namespace confab::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Hosts = std::vector<std::string>;

constexpr Timestamp kNow = Timestamp::Millis(10'000);

class SignalingRoutesTest : public testing::Test {
 protected:
  SignalingRoutesTest() { Know({"s1", "s2", "s3"}); }

  // Each on a host of its name.
  void Know(const Hosts& ids) {
    std::vector<discovery::Instance> instances;
    for (const std::string& id : ids) {
      instances.push_back(
          {.service = discovery::ServiceKind::kSignaling, .id = id, .host = id, .http_port = 5000});
    }
    routes_.Set(std::move(instances));
  }
  net::HttpProxy::Choice Choose(const std::string& query, Timestamp now = kNow) {
    net::HttpRequest request;
    request.query = query;
    return routes_.Choose(request, now);
  }
  Hosts HostsFor(const std::string& query, Timestamp now = kNow) {
    Hosts hosts;
    const auto choice = Choose(query, now);
    if (!choice) return {std::to_string(choice.error().status)};
    for (const net::Upstream& upstream : *choice) hosts.push_back(upstream.host);
    return hosts;
  }

  SignalingRoutes routes_;
};

TEST_F(SignalingRoutesTest, SendsASessionToTheInstanceThatMadeIt) {
  EXPECT_THAT(HostsFor("EIO=4&transport=polling&sid=s2.abcdef"), ElementsAre("s2"));
  EXPECT_THAT(HostsFor("sid=s2.abcdef&room=elsewhere"), ElementsAre("s2"));
}

TEST_F(SignalingRoutesTest, LetsAClientBeginAnewWhereItsInstanceIsGone) {
  for (const char* sid : {"s4.abc", "", "s1", ".abc", "s.abc", "s11.abc", "..", "%00.x"}) {
    const auto choice = Choose(std::string("sid=") + sid);
    ASSERT_FALSE(choice) << sid;
    EXPECT_EQ(choice.error().status, 400u);
    EXPECT_EQ(choice.error().body, R"({"code":1,"message":"Session ID unknown"})");
  }
}

TEST_F(SignalingRoutesTest, SendsARoomToTheInstanceThatWantsItMost) {
  std::set<std::string> first;
  for (int i = 0; i < 50; ++i) {
    const std::string room = "room-" + std::to_string(i);
    const Hosts hosts = HostsFor("room=" + room);
    ASSERT_EQ(hosts.size(), 3u);
    EXPECT_EQ(hosts, HostsFor("EIO=4&room=" + room)) << "whatever else is asked";
    const Hosts ids{"s1", "s2", "s3"};
    EXPECT_EQ(hosts[0], ids[RendezvousOrder(room, ids)[0]]);
    first.insert(hosts[0]);
  }
  EXPECT_EQ(first.size(), 3u);
}

TEST_F(SignalingRoutesTest, ReadsTheRoomsNameDecoded) {
  EXPECT_EQ(HostsFor("room=a%2Db"), HostsFor("room=a-b"));
}

TEST_F(SignalingRoutesTest, TakesEachInTurnWhereNothingIsNamed) {
  std::set<std::string> first;
  for (int i = 0; i < 3; ++i) first.insert(HostsFor("EIO=4")[0]);
  EXPECT_EQ(first.size(), 3u);
  EXPECT_EQ(HostsFor("room=").size(), 3u);
}

TEST_F(SignalingRoutesTest, PutsWhoDidNotAnswerLastForAWhile) {
  const Hosts before = HostsFor("room=r");
  routes_.Skip({.host = before[0], .port = 5000}, kNow);
  EXPECT_THAT(HostsFor("room=r"), ElementsAre(before[1], before[2], before[0]));
  EXPECT_EQ(HostsFor("room=r", kNow + SignalingRoutes::kSkipTime), before);
  EXPECT_THAT(HostsFor("sid=" + before[0] + ".x"), ElementsAre(before[0]))
      << "a session has no other place";
}

TEST_F(SignalingRoutesTest, ForgetsWhomItSkippedWithTheInstance) {
  const Hosts before = HostsFor("room=r");
  routes_.Skip({.host = before[0], .port = 5000}, kNow);
  routes_.Skip({.host = "stranger", .port = 5000}, kNow);
  Know({});
  Know({"s1", "s2", "s3"});
  EXPECT_EQ(HostsFor("room=r"), before);
}

TEST_F(SignalingRoutesTest, SaysThatNobodyIsKnown) {
  Know({});
  const auto choice = Choose("room=r");
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().status, 503u);
  EXPECT_THAT(choice.error().body, HasSubstr("No signaling instance is known"));
}

}  // namespace
}  // namespace confab::gateway
