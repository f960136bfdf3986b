#include "services/gateway/gateway_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "auth/testing/temporary_authority.h"
#include "auth/unix_time.h"
#include "net/http_fetch.h"
#include "net/testing/loopback.h"
#include "services/gateway/security_headers.h"

// The gateway over real loopback connections, with a small HTTP server in the place of signaling.
namespace confab::gateway {
namespace {

using net::HttpRequest, net::HttpResponse;
using testing::ContainsRegex, testing::HasSubstr;

// Answers with what it was asked.
class Echo final : public net::HttpHandler {
 public:
  asio::awaitable<HttpResponse> Handle(HttpRequest& request) override {
    const auto value = [&request](const char* name) {
      return std::string(request.headers.Value(name));
    };
    co_return net::TextResponse(200, request.method + " " + request.target + " for " +
                                         value("X-Forwarded-For") + " by " +
                                         value("X-Forwarded-Proto"));
  }
};

// A folder of pages, gone at the end.
class Pages {
 public:
  Pages() : root_(std::filesystem::path(testing::TempDir()) / Name()) {
    std::filesystem::create_directories(root_);
    Write("index.html", "landing");
    Write("r.html", "room");
    Write("404.html", "nothing here");
  }
  ~Pages() { std::filesystem::remove_all(root_); }
  const std::filesystem::path& root() const { return root_; }

 private:
  static std::string Name() {
    return std::string("confab-pages-") +
           testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  void Write(const std::string& name, std::string_view text) {
    std::ofstream(root_ / name) << text;
  }

  std::filesystem::path root_;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() : signaling_(io_, echo_, {}) {
    const auto address = signaling_.Listen({});
    signaling_port_ = address ? address->port() : uint16_t{0};
    options_.addresses = {{.ip = "127.0.0.1"}};
    options_.port = 0;
    options_.web_dir = pages_.root();
    options_.version = "1.2.3";
    options_.metrics = &metrics_;
    options_.ready = [this] { return report_; };
    options_.authority = &keys_.authority();
    options_.connect = [](const discovery::Instance&) { return std::shared_ptr<grpc::Channel>(); };
  }

  // Starts the gateway, runs `ask` against it and stops everything.
  void With(std::function<asio::awaitable<void>()> ask) {
    GatewayService gateway(io_, options_);
    const auto addresses = gateway.Start();
    ASSERT_TRUE(addresses) << addresses.error().message;
    base_ = "http://" + addresses->front().ToString();
    port_ = addresses->front().port();
    paths_ = gateway.paths();
    gateway.SetSignaling({{.service = discovery::ServiceKind::kSignaling,
                           .id = "s1",
                           .host = "127.0.0.1",
                           .http_port = signaling_port_}});
    asio::co_spawn(
        io_,
        [&]() -> asio::awaitable<void> {
          co_await ask();
          co_await gateway.Stop(TimeDelta::Seconds(1));
          co_await signaling_.Stop(TimeDelta::Seconds(1));
        },
        asio::detached);
    io_.run();
  }

  asio::awaitable<HttpResponse> Fetch(std::string path, net::HttpFetchOptions options = {}) {
    auto response = co_await net::HttpFetch(base_ + path, std::move(options));
    EXPECT_TRUE(response.has_value()) << path;
    co_return response ? *response : HttpResponse{.status = 0};
  }

  Pages pages_;
  auth::TemporaryAuthority keys_;
  asio::io_context io_{1};
  Echo echo_;
  net::HttpServer signaling_;
  uint16_t signaling_port_ = 0;
  observe::MetricsRegistry metrics_;
  GatewayOptions options_;
  ReadyReport report_;
  std::string base_;
  uint16_t port_ = 0;
  std::vector<std::string> paths_;
};

TEST_F(GatewayTest, ServesTheSamePageForEveryRoom) {
  With([this]() -> asio::awaitable<void> {
    const HttpResponse landing = co_await Fetch("/");
    const HttpResponse room = co_await Fetch("/r/quiet-harbor");
    EXPECT_THAT(std::string(landing.content()), HasSubstr("landing"));
    EXPECT_EQ(room.status, 200u);
    EXPECT_THAT(std::string(room.content()), HasSubstr("room"));
  });
}

TEST_F(GatewayTest, ForwardsSocketIoToSignaling) {
  With([this]() -> asio::awaitable<void> {
    const HttpResponse response = co_await Fetch("/socket.io/?EIO=4&transport=polling");
    EXPECT_THAT(std::string(response.content()),
                HasSubstr("GET /socket.io/?EIO=4&transport=polling for "));
  });
}

TEST_F(GatewayTest, LimitsHowManyConnectionsOneAddressBegins) {
  options_.handshakes_per_address = {.per_second = 1, .burst = 1};
  With([this]() -> asio::awaitable<void> {
    unsigned status = 200;
    for (int i = 0; i < 1000 && status == 200; ++i) {
      const HttpResponse response = co_await Fetch("/socket.io/?EIO=4&transport=polling");
      status = response.status;
    }
    EXPECT_EQ(status, 429u);
  });
}

net::HttpFetchOptions FromPage(const char* origin) {
  net::HttpFetchOptions options;
  options.headers = {{"Origin", origin}};
  return options;
}

TEST_F(GatewayTest, LetsNoPageOfAnotherSiteConnect) {
  With([this]() -> asio::awaitable<void> {
    const char* path = "/socket.io/?EIO=4&transport=polling";
    const HttpResponse refused = co_await Fetch(path, FromPage("https://elsewhere.example"));
    EXPECT_EQ(refused.status, 403u);
    EXPECT_THAT(std::string(refused.content()), HasSubstr("gateway.origins"));
    EXPECT_FALSE(refused.headers.Find("Access-Control-Allow-Origin"));
    EXPECT_EQ((co_await Fetch(path, FromPage(base_.c_str()))).status, 200u);
    EXPECT_EQ((co_await Fetch(path)).status, 200u) << "a program";
  });
}

TEST_F(GatewayTest, LetsNoPageOfAnotherSiteOpenAWebSocket) {
  With([this]() -> asio::awaitable<void> {
    std::string request =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        "Origin: https://elsewhere.example\r\n\r\n";
    const std::string answer = co_await net::Exchange(port_, std::move(request));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 ")) << answer;
  });
}

TEST_F(GatewayTest, LetsPagesOfListedSitesConnectAndReadTheAnswers) {
  options_.origins = Origins({"https://app.example"});
  With([this]() -> asio::awaitable<void> {
    for (const char* path : {"/socket.io/?EIO=4", "/api/v1/state"}) {
      const HttpResponse answer = co_await Fetch(path, FromPage("https://app.example"));
      EXPECT_EQ(answer.headers.Value("Access-Control-Allow-Origin"), "https://app.example") << path;
      EXPECT_FALSE(answer.headers.Find("Access-Control-Allow-Credentials")) << path;
      EXPECT_EQ(answer.headers.Value("Vary"), "Origin") << path;
      const HttpResponse other = co_await Fetch(path, FromPage("https://elsewhere.example"));
      EXPECT_FALSE(other.headers.Find("Access-Control-Allow-Origin")) << path;
      EXPECT_EQ(other.headers.Value("Vary"), "Origin") << path;
      net::HttpFetchOptions preflight = FromPage("https://app.example");
      preflight.method = "OPTIONS";
      const HttpResponse allowed = co_await Fetch(path, std::move(preflight));
      EXPECT_EQ(allowed.status, 204u) << path;
      EXPECT_THAT(std::string(allowed.headers.Value("Access-Control-Allow-Headers")),
                  HasSubstr("Authorization"));
    }
    const HttpResponse page = co_await Fetch("/", FromPage("https://app.example"));
    EXPECT_FALSE(page.headers.Find("Access-Control-Allow-Origin")) << "pages are ours alone";
  });
}

// docs/security.md is what operators read: each path that is no operation of the REST interface
// stands there.
TEST_F(GatewayTest, HasADoorInTheDocumentsForEachOfItsPaths) {
  std::ifstream file("docs/security.md");
  std::stringstream text;
  text << file.rdbuf();
  With([this, &text]() -> asio::awaitable<void> {
    EXPECT_FALSE(paths_.empty());
    for (const std::string& path : paths_) {
      if (path.starts_with("/api/v1/") && path != "/api/v1/openapi.json") continue;
      EXPECT_THAT(text.str(), HasSubstr("`" + path + "`"));
    }
    co_return;
  });
}

TEST_F(GatewayTest, PutsTheSecurityHeadersOnEveryKindOfResponse) {
  With([this]() -> asio::awaitable<void> {
    for (const char* path : {"/", "/no-such-page", "/healthz", "/socket.io/", "/metrics"}) {
      const HttpResponse response = co_await Fetch(path);
      for (const auto& [name, value] : SecurityHeaders()) {
        EXPECT_EQ(response.headers.Value(name), value) << path << " " << name;
      }
    }
  });
}

TEST_F(GatewayTest, IsHealthyWhileItRuns) {
  With([this]() -> asio::awaitable<void> {
    const HttpResponse response = co_await Fetch("/healthz");
    EXPECT_EQ(response.status, 200u);
    EXPECT_EQ(response.content(), R"({"status":"ok"})");
  });
}

TEST_F(GatewayTest, IsReadyWhenEachPartIs) {
  report_.parts = {{.name = "media", .is_ready = true}};
  With([this]() -> asio::awaitable<void> {
    const HttpResponse response = co_await Fetch("/readyz");
    EXPECT_EQ(response.status, 200u);
    EXPECT_EQ(response.content(), R"({"status":"ready","parts":{"media":"ready"}})");
  });
}

TEST_F(GatewayTest, NamesThePartThatIsNotReady) {
  report_.parts = {{.name = "media", .is_ready = true},
                   {.name = "signaling", .is_ready = false, .reason = "It sleeps."}};
  With([this]() -> asio::awaitable<void> {
    const HttpResponse response = co_await Fetch("/readyz");
    EXPECT_EQ(response.status, 503u);
    EXPECT_THAT(std::string(response.content()), HasSubstr(R"("signaling":"It sleeps.")"));
  });
}

TEST_F(GatewayTest, IsReadyWithAPartThatCallsGoOnWithoutAndSaysWhatItLacks) {
  report_.parts = {{.name = "store", .is_ready = true, .reason = "It is away."}};
  With([this]() -> asio::awaitable<void> {
    const HttpResponse response = co_await Fetch("/readyz");
    EXPECT_EQ(response.status, 200u);
    EXPECT_EQ(response.content(), R"({"status":"ready","parts":{"store":"It is away."}})");
  });
}

TEST_F(GatewayTest, OffersTheRestInterface) {
  With([this]() -> asio::awaitable<void> {
    EXPECT_EQ((co_await Fetch("/api/v1/state")).status, 401u);
    EXPECT_EQ((co_await Fetch("/api/v1/openapi.json")).status, 200u);
    net::HttpFetchOptions options;
    options.method = "POST";
    const HttpResponse invited =
        co_await Fetch("/api/v1/rooms/quiet-harbor/guest-tokens", std::move(options));
    EXPECT_EQ(invited.status, 201u);
  });
}

TEST_F(GatewayTest, CountsItsResponses) {
  With([this]() -> asio::awaitable<void> {
    co_await Fetch("/healthz");
    const HttpResponse response = co_await Fetch("/metrics");
    EXPECT_THAT(std::string(response.content()),
                HasSubstr(R"(confab_http_responses_total{class="2xx"} 1)"));
    // The connection of the first request may just be closing.
    EXPECT_THAT(std::string(response.content()), ContainsRegex("confab_http_connections [12]\n"));
  });
}

TEST_F(GatewayTest, KeepsItsNumbersFromThoseBehindAProxy) {
  With([this]() -> asio::awaitable<void> {
    net::HttpFetchOptions options;
    options.headers = {{"X-Forwarded-For", "192.0.2.1"}};
    EXPECT_EQ((co_await Fetch("/metrics", std::move(options))).status, 403u);
  });
}

TEST_F(GatewayTest, ShowsItsNumbersToATokenWithTheScope) {
  options_.metrics_access = MetricsAccess::kToken;
  const auto token =
      keys_->SignApi({.subject = "prometheus", .scopes = {"metrics:read"}}, auth::UnixSeconds());
  ASSERT_TRUE(token);
  With([this, &token]() -> asio::awaitable<void> {
    net::HttpFetchOptions options;
    options.headers.Set("Authorization", "Bearer " + *token);
    EXPECT_EQ((co_await Fetch("/metrics", std::move(options))).status, 200u);
    net::HttpFetchOptions broken;
    broken.headers.Set("Authorization", "Bearer " + *token + "A");
    const HttpResponse refused = co_await Fetch("/metrics", std::move(broken));
    EXPECT_EQ(refused.status, 401u);
    EXPECT_EQ(refused.headers.Value("WWW-Authenticate"), "Bearer");
    EXPECT_EQ((co_await Fetch("/metrics")).status, 403u);
  });
}

TEST_F(GatewayTest, BelievesATrustedProxyAboutItsClient) {
  options_.trusted_proxies = {*IpNetwork::Parse("127.0.0.1")};
  With([this]() -> asio::awaitable<void> {
    net::HttpFetchOptions options;
    options.headers = {{"X-Forwarded-For", "198.51.100.7"}, {"X-Forwarded-Proto", "https"}};
    const HttpResponse response = co_await Fetch("/socket.io/?who", std::move(options));
    EXPECT_THAT(std::string(response.content()), HasSubstr("for 198.51.100.7 by https"));
  });
}

TEST_F(GatewayTest, BelievesNobodyElse) {
  With([this]() -> asio::awaitable<void> {
    net::HttpFetchOptions options;
    options.headers = {{"X-Forwarded-For", "198.51.100.7"}, {"X-Forwarded-Proto", "https"}};
    const HttpResponse response = co_await Fetch("/socket.io/?who", std::move(options));
    EXPECT_THAT(std::string(response.content()), HasSubstr("for 127.0.0.1 by http"));
  });
}

TEST_F(GatewayTest, ShowsItsNumbersToNobodyWhenTheyAreOff) {
  options_.metrics_access = MetricsAccess::kOff;
  With([this]() -> asio::awaitable<void> {
    const HttpResponse response = co_await Fetch("/metrics");
    EXPECT_EQ(response.status, 403u);
  });
}

TEST_F(GatewayTest, ShowsItsNumbersToEverybodyWhenToldTo) {
  options_.metrics_access = MetricsAccess::kAll;
  With([this]() -> asio::awaitable<void> {
    net::HttpFetchOptions options;
    options.headers = {{"X-Forwarded-For", "192.0.2.1"}};
    const HttpResponse response = co_await Fetch("/metrics", std::move(options));
    EXPECT_EQ(response.status, 200u);
  });
}

TEST_F(GatewayTest, SaysThatThePagesAreMissing) {
  options_.web_dir.clear();
  With([this]() -> asio::awaitable<void> {
    const HttpResponse landing = co_await Fetch("/");
    const HttpResponse other = co_await Fetch("/x");
    EXPECT_EQ(landing.status, 503u);
    EXPECT_THAT(std::string(landing.content()), HasSubstr("--web-dir"));
    EXPECT_EQ(other.status, 404u);
  });
}

TEST_F(GatewayTest, RefusesAFolderThatIsNone) {
  options_.web_dir = pages_.root() / "index.html";
  GatewayService gateway(io_, options_);
  const auto started = gateway.Start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kInvalidConfiguration);
}

TEST_F(GatewayTest, DoesWithoutAnOptionalAddress) {
  using Need = GatewayOptions::Address::Need;
  // 192.0.2.0/24 is for documents: no machine has it.
  options_.addresses.push_back({.ip = "192.0.2.1", .need = Need::kOptional});
  GatewayService gateway(io_, options_);
  const auto optional = gateway.Start();
  ASSERT_TRUE(optional) << optional.error().message;
  EXPECT_EQ(optional->size(), 1u);

  options_.addresses.back().need = Need::kRequired;
  GatewayService strict(io_, options_);
  EXPECT_FALSE(strict.Start());
}

TEST(SecurityHeaders, AllowNothingFromElsewhere) {
  const std::string policy(SecurityHeaders().Value("Content-Security-Policy"));
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
  EXPECT_EQ(policy.find("http"), std::string::npos);
}

}  // namespace
}  // namespace confab::gateway
