#include "net/http_proxy.h"

#include "net/http_fetch.h"
#include "net/testing/loopback.h"
#include "net/testing/run_until.h"
#include "net/testing/tcp_client.h"
#include "net/websocket.h"

namespace confab::net {
namespace {

// To the end of the connection.
asio::awaitable<void> Flood(WebSocket& ws) {
  const std::string block(64 * 1024, 'x');
  for (;;) {
    const auto written = co_await ws.Write(WebSocketMessage::Kind::kBinary, block);
    if (!written) co_return;
  }
}

// Tells what it was asked, and echoes on WebSockets, or floods them.
class Upstream final : public HttpHandler {
 public:
  asio::awaitable<HttpResponse> Handle(HttpRequest& request) override {
    std::string text = request.method + " " + request.target + "\n";
    for (const auto& [name, value] : request.headers) {
      text.append(name).append(": ").append(value).append("\n");
    }
    HttpResponse response =
        TextResponse(request.path == "/teapot" ? 418 : 200, text + request.body);
    response.headers.Add("X-Upstream", "yes");
    co_return response;
  }

  asio::awaitable<std::optional<HttpResponse>> Upgrade(HttpRequest& request,
                                                       Stream& stream) override {
    if (request.path == "/refuse") co_return TextResponse(403, "no");
    WebSocket ws(stream, 1000);
    const auto accepted = co_await ws.Accept(request);
    if (!accepted) co_return std::nullopt;
    if (request.path == "/flood") co_await Flood(ws);
    for (;;) {
      const auto message = co_await ws.Read();
      if (!message) co_return std::nullopt;
      const auto written = co_await ws.Write(message->kind, message->data);
      if (!written) co_return std::nullopt;
    }
  }
};

class HttpProxyTest : public ::testing::Test {
 protected:
  HttpProxyTest()
      : upstream_server_(io_, upstream_, {}),
        proxy_([this](const HttpRequest&) { return choice_; }, OptionsForTest()),
        server_(io_, proxy_, {}) {
    upstream_port_ = upstream_server_.Listen({})->port();
    choice_ = One(upstream_port_);
    port_ = server_.Listen({})->port();
  }

  HttpProxyOptions OptionsForTest() {
    HttpProxyOptions options;
    options.response_timeout = TimeDelta::Seconds(20);
    options.on_away = [this](const net::Upstream& upstream) { away_.push_back(upstream.port); };
    return options;
  }
  static std::vector<net::Upstream> One(uint16_t port) { return {{"127.0.0.1", port}}; }
  uint16_t FreePort() {
    HttpServer brief(io_, upstream_, {});
    return brief.Listen({})->port();
  }

  std::string Url(const std::string& path) {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

  asio::io_context io_;
  Upstream upstream_;
  HttpServer upstream_server_;
  uint16_t upstream_port_ = 0;
  HttpProxy::Choice choice_;
  std::vector<uint16_t> away_;
  HttpProxy proxy_;
  HttpServer server_;
  uint16_t port_ = 0;
};

TEST_F(HttpProxyTest, ForwardsRequestAndResponse) {
  HttpFetchOptions options;
  options.method = "POST";
  options.body = "the body";
  options.headers = {{"X-Mine", "1"}, {"X-Forwarded-For", "203.0.113.9"}, {"TE", "trailers"}};
  const auto response = RunOn(io_, HttpFetch(Url("/teapot?a=b"), options));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 418u);
  EXPECT_EQ(response->headers.Value("X-Upstream"), "yes");
  const std::string& body = response->body;
  EXPECT_TRUE(body.starts_with("POST /teapot?a=b\n")) << body;
  EXPECT_TRUE(body.ends_with("the body")) << body;
  EXPECT_NE(body.find("X-Mine: 1\n"), body.npos);
  EXPECT_NE(body.find("X-Forwarded-For: 127.0.0.1\n"), body.npos) << "a client's own is replaced";
  EXPECT_EQ(body.find("203.0.113.9"), body.npos);
  EXPECT_NE(body.find("X-Forwarded-Proto: http\n"), body.npos);
  EXPECT_NE(body.find("Host: 127.0.0.1:" + std::to_string(port_)), body.npos);
  EXPECT_EQ(body.find("TE: "), body.npos);
}

TEST_F(HttpProxyTest, PassesOnWhatATrustedProxySaysOfTheClient) {
  HttpServerOptions trusting;
  trusting.trusted_proxies = {*IpNetwork::Parse("127.0.0.1")};
  HttpServer server(io_, proxy_, trusting);
  const std::string url = "http://" + server.Listen({})->ToString() + "/";
  HttpFetchOptions options;
  options.headers = {{"X-Forwarded-For", "10.9.9.9, 203.0.113.9"}, {"X-Forwarded-Proto", "https"}};
  const auto response = RunOn(io_, HttpFetch(url, options));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_NE(response->body.find("X-Forwarded-For: 203.0.113.9\n"), std::string::npos);
  EXPECT_NE(response->body.find("X-Forwarded-Proto: https\n"), std::string::npos);
}

TEST_F(HttpProxyTest, Answers503WhereNobodyListens) {
  choice_ = One(FreePort());
  const auto response = RunOn(io_, HttpFetch(Url("/"), {}));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503u);
  EXPECT_NE(response->body.find("\"code\":\"unavailable\""), std::string::npos);
  EXPECT_EQ(proxy_.counters().failures, 1u);
}

TEST_F(HttpProxyTest, AnswersWhatTheChoiceSaysInstead) {
  choice_ = std::unexpected(TextResponse(410, "gone"));
  const auto response = RunOn(io_, HttpFetch(Url("/"), {}));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 410u);
}

TEST_F(HttpProxyTest, GoesToTheNextWhereTheFirstIsAway) {
  const uint16_t free_port = FreePort();
  choice_ = std::vector<net::Upstream>{{"127.0.0.1", free_port}, {"127.0.0.1", upstream_port_}};
  const auto response = RunOn(io_, HttpFetch(Url("/"), {}));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200u);
  EXPECT_EQ(away_, std::vector{free_port});
}

TEST_F(HttpProxyTest, TriesThreeAtMost) {
  const net::Upstream away{"127.0.0.1", FreePort()};
  choice_ = std::vector<net::Upstream>{away, away, away, {"127.0.0.1", upstream_port_}};
  const auto response = RunOn(io_, HttpFetch(Url("/"), {}));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503u);
  EXPECT_EQ(away_.size(), HttpProxy::kMaxTries);
}

TEST_F(HttpProxyTest, AsksNobodyForAClientThatLeftDuringTheConnect) {
  std::optional<testing::TcpClient> client;
  const auto leave = [&](const HttpRequest&) {
    client.reset();
    return choice_;
  };
  HttpProxy proxy(leave, {});
  HttpServer server(io_, proxy, {});
  client.emplace(*server.Listen({}));
  client->SendRaw(AsBytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_TRUE(RunUntil(io_, [&] { return proxy.counters().failures == 1; }));
  EXPECT_EQ(upstream_server_.counters().requests, 0u);
}

constexpr std::string_view kHandshake =
    "Host: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

TEST_F(HttpProxyTest, TunnelsAWebSocketBothWaysToItsEnd) {
  const auto work = [this]() -> asio::awaitable<std::string> {
    Stream stream = co_await Connect(port_);
    // The first frame, masked with zeros, comes in one segment with the request.
    std::string request = "GET /chat HTTP/1.1\r\n" + std::string(kHandshake);
    request += std::string("\x81\x82\0\0\0\0hi", 8);
    co_await Send(stream, request);
    std::string answer = co_await ReadUntil(stream, "\x81\x02hi");
    EXPECT_EQ(proxy_.counters().open_tunnels, 1u);
    co_await Send(stream, std::string("\x88\x82\0\0\0\0\x03\xe8", 8));  // close, 1000
    answer += co_await ReadUntil(stream, "");
    co_return answer;
  };
  const std::string answer = RunOn(io_, work());
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << answer;
  EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), answer.npos)
      << "RFC 6455 §1.3 gives this answer";
  EXPECT_TRUE(answer.ends_with("\x88\x02\x03\xe8")) << "the close frame comes back";
}

TEST_F(HttpProxyTest, SendsNoBodyBehindTheHeadOfAnUpgrade) {
  const auto work = [this]() -> asio::awaitable<std::string> {
    Stream stream = co_await Connect(port_);
    std::string request = "GET /chat HTTP/1.1\r\nContent-Length: 8\r\n" + std::string(kHandshake);
    request += std::string("\x81\x82\0\0\0\0no", 8);  // the body, a frame by its looks
    request += std::string("\x81\x82\0\0\0\0hi", 8);
    co_await Send(stream, request);
    co_return co_await ReadUntil(stream, "\x81\x02hi");
  };
  const std::string answer = RunOn(io_, work());
  EXPECT_TRUE(answer.ends_with("\x81\x02hi")) << answer;
  EXPECT_EQ(answer.find("\x81\x02no"), answer.npos) << answer;
}

TEST_F(HttpProxyTest, EndsATunnelWhoseClientTakesNothing) {
  HttpProxyOptions options;
  options.tunnel_write_timeout = TimeDelta::Millis(50);
  HttpProxy proxy([this](const HttpRequest&) { return choice_; }, options);
  HttpServer server(io_, proxy, {});
  testing::TcpClient client(*server.Listen({}));
  const std::string request = "GET /flood HTTP/1.1\r\n" + std::string(kHandshake);
  client.SendRaw(AsBytes(request));
  const HttpProxyCounters& counters = proxy.counters();
  EXPECT_TRUE(RunUntil(io_, [&] { return counters.tunnels == 1 && counters.open_tunnels == 0; }));
}

TEST_F(HttpProxyTest, PassesOnARefusedUpgrade) {
  const std::string request = "GET /refuse HTTP/1.1\r\n" + std::string(kHandshake);
  const std::string answer = RunOn(io_, Exchange(port_, request));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 ")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nno")) << answer;
}

}  // namespace
}  // namespace confab::net
