#include "backends/discovery/consul/consul_discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <deque>

#include "backends/discovery/testing/followed.h"
#include "backends/discovery/testing/instances.h"
#include "backends/discovery/testing/small_consul.h"
#include "net/testing/run_until.h"

namespace confab::discovery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kHealthy = "GET /v1/health/service/confab-signaling?passing&stale";
constexpr std::string_view kWaiting =
    "GET /v1/health/service/confab-signaling?passing&stale&index=";
constexpr std::string_view kRegister = "PUT /v1/agent/service/register";
constexpr std::string_view kPass = "PUT /v1/agent/check/pass/service:confab-signaling-s1";
constexpr std::string_view kDeregister = "PUT /v1/agent/service/deregister/confab-signaling-s1";
constexpr TimeDelta kDeadline = TimeDelta::Seconds(10);

// As in service, but nothing waits long.
ConsulTimes Quick() {
  return {.renewal = TimeDelta::Millis(1),
          .request = TimeDelta::Seconds(20),
          .first_back_off = TimeDelta::Millis(1),
          .most_back_off = TimeDelta::Millis(2),
          .query_interval = TimeDelta::Millis(1)};
}

class ConsulDiscoveryTest : public testing::Test {
 protected:
  ConsulDiscoveryTest() { Make("", Quick()); }

  void Make(std::string token, const ConsulTimes& times) {
    discovery_ = std::make_unique<ConsulDiscovery>(io_, ConsulApi(consul_.url(), std::move(token)),
                                                   times, observe::Logger());
  }
  bool Until(const std::function<bool()>& condition) { return net::RunUntil(io_, condition); }
  bool UntilAsked(std::string_view line, size_t times = 1) {
    return Until([&] { return consul_.Count(line) >= times; });
  }
  // Each question about signaling is answered with the next of these indexes, the rest as usual.
  void AnswerWithIndexes(std::deque<std::string> indexes) {
    consul_.spoil =
        [left = std::move(indexes)](
            const net::HttpRequest& request) mutable -> std::optional<net::HttpResponse> {
      if (request.method != "GET" || left.empty()) return {};
      const std::string index = left.front();
      left.pop_front();
      return HealthResponse("[]", index);
    };
  }
  // As a cluster of agents that lost their data, and answers again.
  void LoseEverythingInAnOutage() {
    consul_.spoil = [](const auto&) { return net::TextResponse(500, "No cluster leader"); };
    consul_.LoseEverything();
    ASSERT_TRUE(Until([&] { return !discovery_->status().is_up; }));
    consul_.spoil = nullptr;
  }
  // The lines of the first requests.
  std::vector<std::string> Lines(size_t count) const {
    std::vector<std::string> lines;
    for (size_t i = 0; i < std::min(count, consul_.requests.size()); ++i) {
      lines.push_back(consul_.requests[i].line);
    }
    return lines;
  }
  void Withdraw() {
    bool done = false;
    asio::co_spawn(io_, discovery_->Withdraw(kDeadline),
                   [&done](std::exception_ptr) { done = true; });
    EXPECT_TRUE(Until([&] { return done; }));
  }

  asio::io_context io_;
  SmallConsul consul_{io_};
  std::unique_ptr<ConsulDiscovery> discovery_;
};

std::string Waiting(std::string_view index) {
  return std::string(kHealthy) + "&index=" + std::string(index) + "&wait=30000ms";
}

TEST_F(ConsulDiscoveryTest, AsksOnceAtOnceAndThenForWhatIsNewer) {
  AnswerWithIndexes({"7"});
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(UntilAsked(kHealthy, 2));
  EXPECT_THAT(Lines(2), ElementsAre(kHealthy, Waiting("7")));
}

TEST_F(ConsulDiscoveryTest, BeginsAnewWhenTheIndexGoesBack) {
  AnswerWithIndexes({"7", "3", "3"});
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(UntilAsked(kHealthy, 4));
  EXPECT_THAT(Lines(4), ElementsAre(kHealthy, Waiting("7"), kHealthy, Waiting("3")));
}

TEST_F(ConsulDiscoveryTest, WaitsWithOneWhereAnAnswerHasNoUsableIndex) {
  AnswerWithIndexes({"", "0", "x"});
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(UntilAsked(kHealthy, 4));
  EXPECT_THAT(Lines(4), ElementsAre(kHealthy, Waiting("1"), Waiting("1"), Waiting("1")));
}

TEST_F(ConsulDiscoveryTest, TellsOfAnInstanceThatComesLaterAndOfItsEnd) {
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.calls == 1; }));
  EXPECT_THAT(followed.known, IsEmpty());
  discovery_->Announce(SignalingInstance("s1"));
  ASSERT_TRUE(Until([&] { return followed.Knows(SignalingInstance("s1")); }));
  Withdraw();
  ASSERT_TRUE(Until([&] { return followed.known.empty(); }));
}

TEST_F(ConsulDiscoveryTest, AsksOnceForTwoFollowersOfOneService) {
  Followed one(*discovery_, ServiceKind::kSignaling);
  Followed other(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return one.calls == 1 && other.calls == 1; }));
  ASSERT_TRUE(UntilAsked(kHealthy, 2));
  EXPECT_EQ(consul_.Count(kHealthy), 2u);
}

TEST_F(ConsulDiscoveryTest, KeepsTheLastListWhileConsulFailsAndSaysWhy) {
  discovery_->Announce(SignalingInstance("s1"));
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.KnowsId("s1") && discovery_->status().is_up; }));
  const int calls = followed.calls;
  consul_.spoil = [](const auto&) { return net::TextResponse(500, "No cluster leader"); };
  ASSERT_TRUE(Until([&] { return !discovery_->status().is_up; }));
  EXPECT_THAT(discovery_->status().reason, HasSubstr("Consul answered 500 to"));
  EXPECT_THAT(discovery_->status().reason, HasSubstr("No cluster leader"));
  const size_t so_far = consul_.requests.size();
  ASSERT_TRUE(Until([&] { return consul_.requests.size() > so_far + 5; }));
  EXPECT_EQ(followed.calls, calls);
  EXPECT_TRUE(followed.KnowsId("s1"));
  consul_.spoil = nullptr;
  ASSERT_TRUE(Until([&] { return discovery_->status().is_up; }));
}

TEST_F(ConsulDiscoveryTest, KeepsWhoWasKnownBeforeAnOutageUntilConsulHearsOfThemAgain) {
  ConsulTimes times = Quick();
  times.settling = TimeDelta::Seconds(3600);
  Make("", times);
  discovery_->Announce(SignalingInstance("s1"));
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.KnowsId("s1"); }));
  net::Event carry_out(io_.get_executor());
  consul_.hold_registrations = &carry_out;
  LoseEverythingInAnOutage();
  const size_t so_far = consul_.Count(kWaiting);
  ASSERT_TRUE(UntilAsked(kWaiting, so_far + 1)) << "an answer without s1 was taken before";
  EXPECT_TRUE(followed.KnowsId("s1"));
  carry_out.Set();
  ASSERT_TRUE(Until([&] { return discovery_->status().is_up; }));
  EXPECT_TRUE(followed.KnowsId("s1"));
}

TEST_F(ConsulDiscoveryTest, ForgetsWhoDoesNotComeBackAfterAnOutage) {
  ConsulTimes times = Quick();
  times.settling = TimeDelta::Millis(20);
  Make("", times);
  auto other = std::exchange(discovery_, nullptr);
  other->Announce(SignalingInstance("s1"));
  Make("", times);
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.KnowsId("s1"); }));
  other.reset();
  LoseEverythingInAnOutage();
  // Nothing happens in Consul any more: it asks by itself.
  EXPECT_TRUE(Until([&] { return followed.known.empty(); }));
}

TEST_F(ConsulDiscoveryTest, AsksWithoutAnIndexAfterAFailure) {
  consul_.spoil = [asked = 0](const auto&) mutable -> std::optional<net::HttpResponse> {
    ++asked;
    if (asked == 1) return HealthResponse("[]", "900");
    if (asked == 2) return net::TextResponse(500, "");
    return {};
  };
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(UntilAsked(kHealthy, 3));
  EXPECT_THAT(Lines(3), ElementsAre(kHealthy, Waiting("900"), kHealthy));
}

TEST_F(ConsulDiscoveryTest, KeepsTheLastListWhenAnAnswerIsBrokenOrTooLarge) {
  discovery_->Announce(SignalingInstance("s1"));
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.KnowsId("s1"); }));
  for (const std::string& body : {std::string("[{"), std::string("{}"),
                                  "[" + std::string(ConsulApi::kMaxAnswerBytes, ' ') + "]"}) {
    consul_.spoil = [&](const net::HttpRequest& request) -> std::optional<net::HttpResponse> {
      if (request.method == "PUT") return {};
      return HealthResponse(body, "5");
    };
    consul_.Touch();
    ASSERT_TRUE(Until([&] { return !discovery_->status().is_up; }));
    EXPECT_TRUE(followed.KnowsId("s1"));
    consul_.spoil = nullptr;
    ASSERT_TRUE(Until([&] { return discovery_->status().is_up && followed.KnowsId("s1"); }));
  }
}

TEST_F(ConsulDiscoveryTest, RegistersAndRenews) {
  discovery_->Announce(SignalingInstance("s1"));
  ASSERT_TRUE(UntilAsked(kPass, 3));
  EXPECT_EQ(consul_.Count(kRegister), 1u);
  EXPECT_EQ(consul_.requests[0].body,
            RegistrationJson(SignalingInstance("s1"), TimeDelta::Seconds(10)));
  EXPECT_TRUE(discovery_->status().is_up);
}

TEST_F(ConsulDiscoveryTest, RegistersAgainWhenTheAgentHasLostIt) {
  discovery_->Announce(SignalingInstance("s1"));
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(UntilAsked(kPass));
  consul_.LoseEverything();
  ASSERT_TRUE(UntilAsked(kRegister, 2));
  ASSERT_TRUE(Until([&] { return followed.KnowsId("s1"); }));
}

TEST_F(ConsulDiscoveryTest, RegistersAgainAfterAnyRenewalThatFailed) {
  discovery_->Announce(SignalingInstance("s1"));
  ASSERT_TRUE(UntilAsked(kPass));
  consul_.spoil = [](const net::HttpRequest& request) -> std::optional<net::HttpResponse> {
    if (request.path.find("/pass/") == std::string::npos) return {};
    return net::TextResponse(500, "CheckID \"x\" does not have associated TTL");
  };
  ASSERT_TRUE(UntilAsked(kRegister, 2));
}

TEST_F(ConsulDiscoveryTest, DeregistersOnWithdrawAndIsSilentAfterwards) {
  discovery_->Announce(SignalingInstance("s1"));
  ASSERT_TRUE(UntilAsked(kPass));
  Withdraw();
  EXPECT_EQ(consul_.requests.back().line, kDeregister);
  const size_t requests = consul_.requests.size();
  io_.restart();
  io_.poll();
  EXPECT_EQ(consul_.requests.size(), requests);
}

TEST_F(ConsulDiscoveryTest, LetsARequestUnderWayEndBeforeItDeregisters) {
  net::Event carry_out(io_.get_executor());
  consul_.hold_registrations = &carry_out;
  discovery_->Announce(SignalingInstance("s1"));
  ASSERT_TRUE(UntilAsked(kRegister));
  bool done = false;
  asio::co_spawn(io_, discovery_->Withdraw(kDeadline),
                 [&done](std::exception_ptr) { done = true; });
  // Time enough for a deregistration that does not wait.
  for (int turn = 0; turn < 1000 && consul_.Count(kDeregister) == 0; ++turn) {
    io_.restart();
    io_.poll();
  }
  carry_out.Set();
  ASSERT_TRUE(Until([&] { return done; }));
  io_.restart();
  io_.poll();
  EXPECT_EQ(consul_.registered(), 0u);
}

TEST_F(ConsulDiscoveryTest, WithdrawsWithinTheDeadlineWhenConsulDoesNotAnswer) {
  ConsulTimes times = Quick();
  times.request = TimeDelta::Seconds(3600);
  Make("", times);
  discovery_->Announce(SignalingInstance("s1"));
  ASSERT_TRUE(UntilAsked(kPass));
  consul_.hang = true;
  ASSERT_TRUE(UntilAsked(kPass, consul_.Count(kPass) + 1));
  bool done = false;
  asio::co_spawn(io_, discovery_->Withdraw(TimeDelta::Millis(20)),
                 [&done](std::exception_ptr) { done = true; });
  EXPECT_TRUE(Until([&] { return done; }));
}

TEST_F(ConsulDiscoveryTest, WithdrawsWhatWasNeverAnnounced) {
  Withdraw();
  EXPECT_THAT(consul_.requests, IsEmpty());
}

TEST_F(ConsulDiscoveryTest, SendsTheTokenInAHeaderAlone) {
  Make("secret-token", Quick());
  discovery_->Announce(SignalingInstance("s1"));
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.KnowsId("s1") && consul_.Count(kPass) > 0; }));
  Withdraw();
  for (const auto& request : consul_.requests) {
    EXPECT_EQ(request.token, "secret-token") << request.line;
    EXPECT_EQ(request.line.find("secret"), std::string::npos);
  }
}

TEST_F(ConsulDiscoveryTest, SaysThatConsulRefusesTheToken) {
  consul_.spoil = [](const auto&) { return net::TextResponse(403, "ACL not\nfound"); };
  discovery_->Announce(SignalingInstance("s1"));
  ASSERT_TRUE(UntilAsked(kRegister, 2));
  EXPECT_FALSE(discovery_->status().is_up);
  EXPECT_THAT(discovery_->status().reason, HasSubstr("answered 403"));
  EXPECT_THAT(discovery_->status().reason, HasSubstr("ACL not found"));
}

TEST_F(ConsulDiscoveryTest, IsNotUpBeforeThereWasAnAnswer) {
  EXPECT_FALSE(discovery_->status().is_up);
  EXPECT_EQ(discovery_->status().reason, "Consul has not been asked yet");
  Followed followed(*discovery_, ServiceKind::kSignaling);
  EXPECT_FALSE(discovery_->status().is_up);
  EXPECT_EQ(discovery_->status().reason, "Consul has not answered yet");
}

TEST_F(ConsulDiscoveryTest, EndsItsQuestionsWithItself) {
  {
    Followed followed(*discovery_, ServiceKind::kSignaling);
    ASSERT_TRUE(UntilAsked(kHealthy, 2));
    discovery_.reset();
  }
  EXPECT_TRUE(Until([&] { return consul_.clients_gone == 1; }));
}

}  // namespace
}  // namespace confab::discovery
