// Consul's client against the fake of tests/consul, which goes wrong on purpose. Skipped where
// CONFAB_TEST_CONSUL names no fake: tests/consul names one.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/discovery/consul/consul_discovery.h"
#include "backends/discovery/testing/backends_under_test.h"
#include "backends/discovery/testing/followed.h"
#include "backends/discovery/testing/instances.h"
#include "net/http_fetch.h"
#include "net/testing/loopback.h"
#include "net/testing/run_until.h"

namespace confab::discovery {
namespace {

using testing::HasSubstr;

// Short, so that what hangs is given up soon.
ConsulTimes Impatient() {
  return {.renewal = TimeDelta::Millis(50),
          .wait = TimeDelta::Seconds(1),
          .request = TimeDelta::Millis(700),
          .first_back_off = TimeDelta::Millis(20),
          .most_back_off = TimeDelta::Millis(100)};
}

class ConsulFaults : public testing::Test {
 protected:
  void SetUp() override {
    const std::string url = NamedConsulUrl();
    if (url.empty()) GTEST_SKIP() << "CONFAB_TEST_CONSUL names no agent";
    if (Control("DELETE", "faults", "") != 200) GTEST_SKIP() << url << " is no fake";
    ASSERT_EQ(Control("PUT", "faults", R"({"kind":"forget"})"), 200u);
    discovery_ =
        std::make_unique<ConsulDiscovery>(io_, ConsulApi(url, ""), Impatient(), observe::Logger());
    discovery_->Announce(SignalingInstance("s1"));
    followed_.emplace(*discovery_, ServiceKind::kSignaling);
    ASSERT_TRUE(Until([&] { return followed_->KnowsId("s1") && discovery_->status().is_up; }));
  }
  void TearDown() override {
    if (discovery_) Control("DELETE", "faults", "");
    followed_.reset();
  }

  unsigned Control(std::string method, const std::string& what, std::string body) {
    net::HttpFetchOptions options;
    options.method = std::move(method);
    options.body = std::move(body);
    asio::io_context io;
    const auto response =
        net::RunOn(io, net::HttpFetch(NamedConsulUrl() + "/fake/" + what, options));
    return response ? response->status : 0;
  }
  void Fault(std::string_view kind, std::string_view more = "") {
    ASSERT_EQ(Control("PUT", "faults", fmt::format(R"({{"kind":"{}"{}}})", kind, more)), 200u);
  }
  bool Until(const std::function<bool()>& condition) { return net::RunUntil(io_, condition); }

  // While the fault lasts the list stays and the status says so; afterwards all is well, and news
  // are heard of again.
  void Survives(std::string_view kind, const char* reason, std::string_view more = "") {
    Fault(kind, more);
    ASSERT_TRUE(Until([&] { return !discovery_->status().is_up; })) << kind;
    EXPECT_THAT(discovery_->status().reason, HasSubstr(reason));
    EXPECT_TRUE(followed_->KnowsId("s1"));
    ASSERT_EQ(Control("DELETE", "faults", ""), 200u);
    ASSERT_TRUE(Until([&] { return discovery_->status().is_up && followed_->KnowsId("s1"); }));
    HearsOfNews();
  }
  void HearsOfNews() {
    ConsulDiscovery other(io_, ConsulApi(NamedConsulUrl(), ""), Impatient(), observe::Logger());
    other.Announce(SignalingInstance("s2"));
    EXPECT_TRUE(Until([&] { return followed_->KnowsId("s2") && followed_->KnowsId("s1"); }));
  }

  asio::io_context io_;
  std::unique_ptr<ConsulDiscovery> discovery_;
  std::optional<Followed> followed_;
};

TEST_F(ConsulFaults, SurvivesRefusedConnections) {
  Survives("refuse", "/v1/");
}

TEST_F(ConsulFaults, SurvivesErrors) {
  Survives("error", "No cluster leader");
}

TEST_F(ConsulFaults, SurvivesAnswersThatAreCutInTheMiddle) {
  Survives("cut", "/v1/health", R"(,"path":"/v1/health/")");
}

TEST_F(ConsulFaults, SurvivesAnswersThatAreNoJson) {
  Survives("garbage", "no JSON", R"(,"path":"/v1/health/")");
}

TEST_F(ConsulFaults, SurvivesAConsulThatHangs) {
  Survives("hang", "time-out");
}

TEST_F(ConsulFaults, SurvivesAConsulThatIsTooSlow) {
  Survives("delay", "time-out", R"(,"ms":1500)");
}

TEST_F(ConsulFaults, WaitsForAConsulThatIsSlow) {
  Fault("delay", R"(,"ms":100)");
  HearsOfNews();
  EXPECT_TRUE(discovery_->status().is_up) << discovery_->status().reason;
}

TEST_F(ConsulFaults, HearsOfNewsAfterTheIndexWentBack) {
  for (int i = 0; i < 3; ++i) HearsOfNews();
  Fault("reset-index");
  HearsOfNews();
}

TEST_F(ConsulFaults, RegistersAgainWithAnAgentThatForgot) {
  Fault("forget");
  ConsulDiscovery stranger(io_, ConsulApi(NamedConsulUrl(), ""), Impatient(), observe::Logger());
  Followed seen(stranger, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return seen.KnowsId("s1"); }));
  HearsOfNews();
}

TEST_F(ConsulFaults, OneThatHangsIsHealthyNoMore) {
  // This thread is at work elsewhere for longer than the TTL.
  ASSERT_EQ(Control("PUT", "clock", R"({"advanceMs":11000})"), 200u);
  const std::string url = NamedConsulUrl() + "/v1/health/service/confab-signaling?passing";
  asio::io_context io;
  const auto response = net::RunOn(io, net::HttpFetch(url, net::HttpFetchOptions()));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "[]");
  // Back at work, it is healthy again.
  EXPECT_TRUE(Until([&] { return followed_->known.empty(); }));
  EXPECT_TRUE(Until([&] { return followed_->KnowsId("s1"); }));
}

}  // namespace
}  // namespace confab::discovery
