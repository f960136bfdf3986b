#include "services/logs/logs_service.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "auth/testing/temporary_authority.h"
#include "auth/testing/temporary_folder.h"
#include "auth/unix_time.h"
#include "base/hashed_name.h"
#include "net/http_fetch.h"
#include "net/testing/loopback.h"
#include "net/websocket_client.h"
#include "services/logs/testing/lines.h"

namespace confab::logs {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kStartUs;
using testing::LineAt;

using Events = std::vector<std::string>;

class LogsServiceTest : public ::testing::Test {
 protected:
  static constexpr TimeDelta kLimit = TimeDelta::Seconds(20);

  void Append(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path() / name, std::ios::app) << text << "\n";
  }
  std::string Token(const std::string& scope = "logs", const std::string& room = "",
                    int64_t lifetime_s = 60) {
    const int64_t now_s = auth::UnixSeconds();
    auth::ApiClaims claims;
    claims.subject = "test";
    claims.scopes = {scope};
    claims.room = room;
    claims.expires_at_s = now_s + lifetime_s;
    return authority_->SignApi(std::move(claims), now_s).value();
  }
  // Runs `work` beside the service, which then ends.
  template <typename Work>
  void With(Work work) {
    LogsOptions options;
    options.port = 0;
    options.folder = folder_.path();
    options.headers = {{"X-Frame-Options", "DENY"}};
    options.metrics = &metrics_;
    options.authority = &authority_.authority();
    service_.emplace(io_, std::move(options));
    const auto address = service_->Start();
    ASSERT_TRUE(address) << address.error().message;
    port_ = address->port();
    net::RunOn(io_, [](auto& self, Work& body) -> asio::awaitable<bool> {
      co_await body();
      co_await self.service_->Stop(TimeDelta::Seconds(1));
      co_return true;
    }(*this, work));
    service_.reset();
  }
  asio::awaitable<net::HttpResponse> Fetch(std::string path, std::string token) {
    net::HttpFetchOptions options;
    options.max_body_bytes = 16 * 1024 * 1024;
    if (!token.empty()) options.headers.Set("Authorization", "Bearer " + token);
    std::string url = fmt::format("http://127.0.0.1:{}{}", port_, path);
    auto response = co_await net::HttpFetch(std::move(url), std::move(options));
    EXPECT_TRUE(response) << response.error().message;
    co_return response.value_or(net::HttpResponse{});
  }
  // Asks until there are so many lines: the folder is looked at every quarter of a second.
  asio::awaitable<json::value> Search(std::string query, size_t lines) {
    std::string path = "/api/v1/logs?" + query;
    for (;;) {
      const net::HttpResponse response = co_await Fetch(path, Token());
      json::value answer = json::parse(response.content());
      if (response.status != 200 || answer.at("lines").as_array().size() >= lines) co_return answer;
    }
  }
  // A connection that has said nothing yet.
  asio::awaitable<Result<std::unique_ptr<net::WebSocket>>> Knock() {
    std::string url = fmt::format("ws://127.0.0.1:{}/api/v1/logs/live", port_);
    co_return co_await net::ConnectWebSocket(std::move(url), 8 * 1024 * 1024, kLimit);
  }
  static asio::awaitable<void> Say(net::WebSocket& ws, std::string hello) {
    const auto sent = co_await ws.Write(net::WebSocketMessage::Kind::kText, hello);
    EXPECT_TRUE(sent);
  }
  asio::awaitable<std::unique_ptr<net::WebSocket>> Open(std::string hello) {
    auto ws = co_await Knock();
    if (!ws) throw std::runtime_error(ws.error().message);
    co_await Say(**ws, std::move(hello));
    co_return std::move(*ws);
  }
  // The first line of what a page of this origin is answered.
  asio::awaitable<std::string> AnswerTo(std::string origin) {
    const std::string request = fmt::format(
        "GET /api/v1/logs/live HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        port_, origin);
    net::Stream stream = co_await net::Connect(port_);
    const bool sent = co_await net::Send(stream, request);
    EXPECT_TRUE(sent);
    const std::string answer = co_await net::ReadUntil(stream, "\r\n");
    co_return answer.substr(0, answer.find("\r\n"));
  }
  static asio::awaitable<json::value> Next(net::WebSocket& ws) {
    const auto message = co_await ws.Read();
    if (!message) throw std::runtime_error("the connection has ended");
    co_return json::parse(message->data);
  }
  static Events EventsOf(const json::value& answer) {
    Events events;
    for (const json::value& entry : answer.at("lines").as_array()) {
      events.emplace_back(entry.at("line").at("event").as_string());
    }
    return events;
  }
  std::string Hello(const std::string& filter = "{}") {
    return fmt::format(R"({{"token":"{}","filter":{}}})", Token(), filter);
  }

  // What a live reader may say first, and how it is refused.
  std::vector<std::pair<std::string, std::string>> WrongHellos() {
    return {{"x", "invalid_message"},
            {"{}", "unauthorized"},
            {R"({"token":7})", "unauthorized"},
            {R"({"token":"x"})", "unauthorized"},
            {fmt::format(R"({{"token":"{}"}})", Token("rooms:read")), "forbidden"},
            {Hello(R"({"rooom":"tea"})"), "invalid_message"},
            {Hello(R"({"room":7})"), "invalid_message"}};
  }

  auth::testing::TemporaryFolder folder_;
  auth::TemporaryAuthority authority_;
  observe::MetricsRegistry metrics_;
  asio::io_context io_;
  std::optional<LogsService> service_;
  uint16_t port_ = 0;
};

TEST_F(LogsServiceTest, FindsWhatServicesHaveWritten) {
  Append("media-m1.1.jsonl", LineAt(kStartUs, R"(,"room":"tea")", "room.opened"));
  Append("signaling-s1.1.jsonl", LineAt(kStartUs + 1, R"(,"room":"tea")", "participant.joined"));
  Append("signaling-s1.1.jsonl", LineAt(kStartUs + 2, R"(,"room":"coffee")", "room.closed"));
  With([this]() -> asio::awaitable<void> {
    const json::value all = co_await Search("", 3);
    EXPECT_THAT(EventsOf(all), ElementsAre("room.closed", "participant.joined", "room.opened"));
    const json::value tea = co_await Search("room=tea&limit=1", 1);
    EXPECT_THAT(EventsOf(tea), ElementsAre("participant.joined"));
    const json::value next =
        co_await Search(fmt::format("room=tea&before={}", tea.at("next").as_string().c_str()), 1);
    EXPECT_THAT(EventsOf(next), ElementsAre("room.opened"));
    EXPECT_TRUE(next.at("next").is_null());
    EXPECT_EQ(all.at("status").at("files").to_number<int>(), 2);
    EXPECT_EQ(all.at("status").at("lines").at("whole").to_number<int>(), 3);
    EXPECT_EQ(all.at("status").at("services").as_array().size(), 1u);
  });
}

TEST_F(LogsServiceTest, OpensToATokenForAllLogsAlone) {
  With([this]() -> asio::awaitable<void> {
    for (const char* path : {"/api/v1/logs", "/api/v1/logs/live"}) {
      EXPECT_EQ((co_await Fetch(path, "")).status, 401u);
      EXPECT_EQ((co_await Fetch(path, "x")).status, 401u);
      EXPECT_EQ((co_await Fetch(path, Token() + "A")).status, 401u);
      EXPECT_EQ((co_await Fetch(path, Token("metrics:read"))).status, 403u);
      EXPECT_EQ((co_await Fetch(path, Token("logs", "tea"))).status, 403u);
    }
    EXPECT_EQ((co_await Fetch("/api/v1/logs", Token())).status, 200u);
    EXPECT_EQ((co_await Fetch("/api/v1/logs/live", Token())).status, 426u);
    const std::string in_query = "/api/v1/logs?token=" + Token();
    EXPECT_EQ((co_await Fetch(in_query, "")).status, 401u) << "addresses end up in logs";
  });
}

TEST_F(LogsServiceTest, ExplainsACallToWhoMayReadOfItsRoom) {
  const std::string hash = HashedName("tea");
  Append("signaling-s1.1.jsonl",
         fmt::format(R"({{"time":"{}","level":"info","service":"signaling","instance":"s1",)"
                     R"("event":"participant.joined","room":"{}","participant":"ada"}})",
                     observe::FormatUtc(kStartUs), hash));
  const auto path = [](const std::string& room) { return "/api/v1/logs/rooms/" + room; };
  With([&, this]() -> asio::awaitable<void> {
    (void)co_await Search("", 1);
    for (const std::string& room : {std::string("tea"), hash}) {
      EXPECT_EQ((co_await Fetch(path(room), Token("logs", "coffee"))).status, 403u);
      EXPECT_EQ((co_await Fetch(path(room), Token("rooms:read"))).status, 403u);
      EXPECT_EQ((co_await Fetch(path(room), "")).status, 401u);
      EXPECT_EQ((co_await Fetch(path(room), Token("logs", "tea"))).status, 200u);
      const net::HttpResponse response = co_await Fetch(path(room), Token());
      EXPECT_EQ(response.status, 200u);
      EXPECT_EQ(json::parse(response.content()).at("room").as_string(), hash);
    }
    EXPECT_EQ((co_await Fetch(path(hash), Token("logs", hash))).status, 404u)
        << "a room that is called like the hash of another";
    EXPECT_EQ((co_await Fetch(path("coffee"), Token())).status, 404u);
    EXPECT_EQ((co_await Fetch(path("tea") + "?at=noon", Token())).status, 400u);
  });
}

TEST_F(LogsServiceTest, RefusesWrongQuestionsWithASentence) {
  With([this]() -> asio::awaitable<void> {
    for (const char* query : {"limit=0", "limit=1001", "limit=x", "before=x", "rooom=tea",
                              "level=loud", "a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1"}) {
      const net::HttpResponse response =
          co_await Fetch(std::string("/api/v1/logs?") + query, Token());
      EXPECT_EQ(response.status, 400u) << query;
      const json::value error = json::parse(response.content());
      EXPECT_EQ(error.at("error").at("code").as_string(), "invalid_message");
    }
  });
}

TEST_F(LogsServiceTest, TellsALiveReaderWhatIsThereAndWhatComes) {
  Append("media-m1.1.jsonl", LineAt(kStartUs, "", "room.opened"));
  With([this]() -> asio::awaitable<void> {
    (void)co_await Search("", 1);
    const auto ws = co_await Open(Hello(R"({"event":"room.*"})"));
    const json::value first = co_await Next(*ws);
    EXPECT_TRUE(first.at("first").as_bool());
    EXPECT_THAT(EventsOf(first), ElementsAre("room.opened"));
    Append("media-m1.1.jsonl", LineAt(kStartUs + 1, "", "participant.joined"));
    Append("media-m1.1.jsonl", LineAt(kStartUs + 2, "", "room.closed"));
    const json::value next = co_await Next(*ws);
    EXPECT_THAT(EventsOf(next), ElementsAre("room.closed"));
    EXPECT_EQ(next.at("dropped").to_number<int>(), 0);
    co_await ws->Close(net::WebSocketCloseCode::kNormal);
  });
}

TEST_F(LogsServiceTest, SendsAwayALiveReaderWithoutTheRightToken) {
  With([this]() -> asio::awaitable<void> {
    for (const auto& [hello, code] : WrongHellos()) {
      const auto ws = co_await Open(hello);
      const json::value told = co_await Next(*ws);
      EXPECT_EQ(told.at("error").at("code").as_string(), code) << hello;
      const auto after = co_await ws->Read();
      EXPECT_FALSE(after);
    }
  });
}

TEST_F(LogsServiceTest, EndsALiveReaderWhoseTokenExpires) {
  With([this]() -> asio::awaitable<void> {
    // Verified with the skew that clocks may have, so it expires after it was let in.
    const auto ws = co_await Open(fmt::format(R"({{"token":"{}"}})", Token("logs", "", 1)));
    (void)co_await Next(*ws);
    const json::value told = co_await Next(*ws);
    EXPECT_EQ(told.at("error").at("code").as_string(), "unauthorized");
  });
}

TEST_F(LogsServiceTest, LetsNobodyWhoSaysNothingTakeAPlaceOfTheReaders) {
  With([this]() -> asio::awaitable<void> {
    std::vector<std::unique_ptr<net::WebSocket>> silent;
    for (size_t i = 0; i <= LiveReaders::kMaxStrangers; ++i) {
      auto ws = co_await Knock();
      if (!ws) throw std::runtime_error(ws.error().message);
      silent.push_back(std::move(*ws));
    }
    const auto oldest = co_await silent.front()->Read();
    EXPECT_FALSE(oldest) << "it went for the newest";
    const auto reader = co_await Open(Hello());
    const json::value first = co_await Next(*reader);
    EXPECT_TRUE(first.at("first").as_bool());
    co_await Say(*silent.back(), Hello());
    const json::value late = co_await Next(*silent.back());
    EXPECT_TRUE(late.at("first").as_bool());
  });
}

TEST_F(LogsServiceTest, LetsSoManyReadersInAndNoMore) {
  With([this]() -> asio::awaitable<void> {
    std::vector<std::unique_ptr<net::WebSocket>> readers;
    while (readers.size() + 1 < LiveReaders::kMaxReaders) {
      auto reader = co_await Open(Hello());
      (void)co_await Next(*reader);
      readers.push_back(std::move(reader));
    }
    const auto silent = co_await Knock();
    if (!silent) throw std::runtime_error(silent.error().message);
    const auto last = co_await Open(Hello());
    (void)co_await Next(*last);
    const auto refused = co_await Knock();
    if (refused) throw std::runtime_error("one too many was let in");
    EXPECT_THAT(refused.error().message, HasSubstr("503"));
    co_await Say(**silent, Hello());
    const json::value told = co_await Next(**silent);
    EXPECT_EQ(told.at("error").at("code").as_string(), "limit_exceeded");
  });
}

TEST_F(LogsServiceTest, LetsNoPageOfAnotherSiteFollow) {
  With([this]() -> asio::awaitable<void> {
    const std::string own = fmt::format("127.0.0.1:{}", port_);
    const std::vector<std::string> foreign = {"https://evil.example", "null", "http://127.0.0.1",
                                              "http://" + own + ".evil.example"};
    for (const std::string& origin : foreign) {
      const std::string answer = co_await AnswerTo(origin);
      EXPECT_THAT(answer, HasSubstr(" 403 ")) << origin;
    }
    // Behind a proxy that speaks TLS, too.
    const std::vector<std::string> same = {"http://" + own, "https://" + own};
    for (const std::string& origin : same) {
      const std::string answer = co_await AnswerTo(origin);
      EXPECT_THAT(answer, HasSubstr(" 101 ")) << origin;
    }
  });
}

TEST_F(LogsServiceTest, EndsWhileLiveReadersAreThere) {
  std::unique_ptr<net::WebSocket> ws;
  With([&]() -> asio::awaitable<void> {
    ws = co_await Open(Hello());
    (void)co_await Next(*ws);
  });
}

TEST_F(LogsServiceTest, SaysWhatIsMissing) {
  std::filesystem::remove_all(folder_.path());
  With([this]() -> asio::awaitable<void> {
    const json::value answer = co_await Search("", 0);
    EXPECT_THAT(answer.at("status").at("problem").as_string().c_str(), HasSubstr("log.folder"));
    const net::HttpResponse page = co_await Fetch("/", "");
    EXPECT_EQ(page.status, 503u);
    EXPECT_THAT(std::string(page.content()), HasSubstr("--web-dir"));
  });
}

TEST_F(LogsServiceTest, PutsItsHeadersOnEveryAnswer) {
  With([this]() -> asio::awaitable<void> {
    for (const char* path : {"/", "/api/v1/logs", "/nowhere", "/r/tea", "/metrics"}) {
      const net::HttpResponse response = co_await Fetch(path, "");
      EXPECT_EQ(response.headers.Value("X-Frame-Options"), "DENY") << path;
    }
  });
}

// docs/security.md is what operators read: each path stands there.
TEST_F(LogsServiceTest, HasADoorInTheDocumentsForEachOfItsPaths) {
  std::ifstream file("docs/security.md");
  std::stringstream text;
  text << file.rdbuf();
  With([this, &text]() -> asio::awaitable<void> {
    EXPECT_FALSE(service_->paths().empty());
    for (const std::string& path : service_->paths()) {
      EXPECT_THAT(text.str(), HasSubstr("`" + path + "`"));
    }
    co_return;
  });
}

}  // namespace
}  // namespace confab::logs
