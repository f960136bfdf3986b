#include "backends/discovery/make_discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "backends/discovery/testing/followed.h"
#include "backends/discovery/testing/small_consul.h"
#include "net/testing/run_until.h"

namespace confab::discovery {
namespace {

using testing::HasSubstr;

class MakeDiscoveryTest : public testing::Test {
 protected:
  ~MakeDiscoveryTest() override { std::filesystem::remove(path_); }

  std::string WriteToken(std::string_view text) {
    std::ofstream(path_, std::ios::binary) << text;
    return path_;
  }
  std::string ErrorOf(const DiscoveryOptions& options) {
    const auto made = MakeDiscovery(io_, options, observe::Logger());
    if (made) return "none";
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidConfiguration);
    return made.error().message;
  }

  asio::io_context io_;
  std::string path_ = std::filesystem::path(testing::TempDir()) / "confab-discovery-token";
};

TEST_F(MakeDiscoveryTest, MakesAStaticOneFromItsLists) {
  const auto made = MakeDiscovery(io_,
                                  {.gateways = {"g=h:1/0"},
                                   .signaling = {"s=h:2/3"},
                                   .media = {"m=h:0/4"},
                                   .logs = {"l=h:5/0"}},
                                  observe::Logger());
  ASSERT_TRUE(made) << made.error().message;
  Followed gateways(**made, ServiceKind::kGateway);
  Followed signaling(**made, ServiceKind::kSignaling);
  Followed media(**made, ServiceKind::kMedia);
  Followed logs(**made, ServiceKind::kLogs);
  ASSERT_TRUE(net::RunUntil(
      io_, [&] { return gateways.calls + signaling.calls + media.calls + logs.calls == 4; }));
  EXPECT_TRUE(gateways.KnowsId("g") && signaling.KnowsId("s") && media.KnowsId("m"));
  EXPECT_TRUE(logs.KnowsId("l"));
}

TEST_F(MakeDiscoveryTest, RefusesATextThatIsNoInstanceInEachList) {
  EXPECT_THAT(ErrorOf({.gateways = {"x"}}), HasSubstr("\"x\" is no instance"));
  EXPECT_THAT(ErrorOf({.signaling = {"x"}}), HasSubstr("\"x\" is no instance"));
  EXPECT_THAT(ErrorOf({.media = {"x"}}), HasSubstr("\"x\" is no instance"));
  EXPECT_THAT(ErrorOf({.logs = {"x"}}), HasSubstr("\"x\" is no instance"));
}

TEST_F(MakeDiscoveryTest, RefusesWhatCannotBeConsulsUrl) {
  for (const char* url : {"", "127.0.0.1:8500", "ftp://h:1", "http://h:1?x", "http://h:1#x",
                          "http://user@h:1", "http://:1"}) {
    EXPECT_THAT(ErrorOf({.backend = DiscoveryBackend::kConsul, .consul_url = url}),
                HasSubstr("cannot be Consul's URL"))
        << url;
  }
}

TEST_F(MakeDiscoveryTest, GivesConsulTheTokenOfTheFile) {
  SmallConsul consul(io_);
  const auto made = MakeDiscovery(io_,
                                  {.backend = DiscoveryBackend::kConsul,
                                   .consul_url = consul.url() + "/",
                                   .consul_token_file = WriteToken("a-token\r\n")},
                                  observe::Logger());
  ASSERT_TRUE(made) << made.error().message;
  Followed followed(**made, ServiceKind::kMedia);
  ASSERT_TRUE(net::RunUntil(io_, [&] { return followed.calls > 0; }));
  EXPECT_EQ(consul.requests[0].token, "a-token");
  EXPECT_EQ(consul.requests[0].line, "GET /v1/health/service/confab-media?passing&stale");
}

TEST_F(MakeDiscoveryTest, RefusesATokenFileWithoutAToken) {
  DiscoveryOptions options{.backend = DiscoveryBackend::kConsul};
  options.consul_token_file = "/nowhere/token";
  EXPECT_THAT(ErrorOf(options), HasSubstr("/nowhere/token cannot be read"));
  options.consul_token_file = WriteToken("\n");
  EXPECT_THAT(ErrorOf(options), HasSubstr("is empty"));
  options.consul_token_file = WriteToken("two words\n");
  EXPECT_THAT(ErrorOf(options), HasSubstr("holds more than one word"));
  options.consul_token_file = WriteToken(std::string(5000, 'x'));
  EXPECT_THAT(ErrorOf(options), HasSubstr("is too long"));
}

}  // namespace
}  // namespace confab::discovery
