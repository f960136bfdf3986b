#include "net/websocket_client.h"

#include "base/testing/error_of.h"
#include "net/testing/loopback.h"

namespace confab::net {
namespace {

constexpr TimeDelta kConnectLimit = TimeDelta::Seconds(30);

// Sends back what comes, on /echo; refuses every other path.
class EchoHandler final : public HttpHandler {
 public:
  asio::awaitable<HttpResponse> Handle(HttpRequest&) override { co_return TextResponse(404, ""); }

  asio::awaitable<std::optional<HttpResponse>> Upgrade(HttpRequest& request,
                                                       Stream& stream) override {
    if (request.target != "/echo?x=1") co_return TextResponse(403, "no");
    host_ = request.headers.Value("Host");
    WebSocket ws(stream, 100'000);
    const auto accepted = co_await ws.Accept(request);
    if (!accepted) co_return std::nullopt;
    for (;;) {
      const auto message = co_await ws.Read();
      if (!message) co_return std::nullopt;
      const auto written = co_await ws.Write(message->kind, message->data);
      if (!written) co_return std::nullopt;
    }
  }

  std::string host_;
};

class WebSocketClientTest : public ::testing::Test {
 protected:
  WebSocketClientTest() : server_(io_, handler_, {}) { port_ = server_.Listen({})->port(); }

  std::string Authority() const { return "127.0.0.1:" + std::to_string(port_); }
  Result<std::unique_ptr<WebSocket>> Connect(const std::string& url,
                                             TimeDelta limit = kConnectLimit) {
    return RunOn(io_, ConnectWebSocket(url, 1000, limit));
  }
  // What comes back for one message.
  Result<WebSocketMessage> Echo(WebSocket& ws, WebSocketMessage::Kind kind, std::string data) {
    const auto work = [&]() -> asio::awaitable<Result<WebSocketMessage>> {
      const auto written = co_await ws.Write(kind, data);
      if (!written) co_return std::unexpected(written.error());
      co_return co_await ws.Read();
    };
    return RunOn(io_, work());
  }

  asio::io_context io_;
  EchoHandler handler_;
  HttpServer server_;
  uint16_t port_ = 0;
};

TEST_F(WebSocketClientTest, ExchangesTextAndBinary) {
  const auto ws = Connect("ws://" + Authority() + "/echo?x=1");
  ASSERT_TRUE(ws) << ws.error().message;
  EXPECT_EQ(handler_.host_, Authority());
  const auto text = Echo(**ws, WebSocketMessage::Kind::kText, "hello");
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(text->kind, WebSocketMessage::Kind::kText);
  EXPECT_EQ(text->data, "hello");
  const auto binary = Echo(**ws, WebSocketMessage::Kind::kBinary, std::string("\0\xff", 2));
  ASSERT_TRUE(binary) << binary.error().message;
  EXPECT_EQ(binary->kind, WebSocketMessage::Kind::kBinary);
  EXPECT_EQ(binary->data, std::string("\0\xff", 2));
}

TEST_F(WebSocketClientTest, ClosesOnAMessageBeyondTheLimit) {
  const auto ws = Connect("ws://" + Authority() + "/echo?x=1");
  ASSERT_TRUE(ws) << ws.error().message;
  EXPECT_TRUE(Echo(**ws, WebSocketMessage::Kind::kText, std::string(1000, 'x')));
  const auto beyond = Echo(**ws, WebSocketMessage::Kind::kText, std::string(1001, 'x'));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::kLimitExceeded);
}

TEST_F(WebSocketClientTest, NamesTheStatusOfARefusal) {
  const auto ws = Connect("ws://" + Authority() + "/other");
  ASSERT_FALSE(ws);
  EXPECT_EQ(ws.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(ws.error().message.find("answered 403 instead of 101"), std::string::npos)
      << ws.error().message;
}

TEST_F(WebSocketClientTest, RefusesAddressesThatItCannotUse) {
  for (const char* url : {"wss://localhost/", "http://localhost/", "localhost", "ws://", ""}) {
    const auto ws = Connect(url);
    ASSERT_FALSE(ws) << url;
    EXPECT_EQ(ws.error().code, ErrorCode::kInvalidMessage) << url;
  }
  EXPECT_NE(ErrorOf(Connect("wss://localhost/")).message.find("no TLS"), std::string::npos);
}

TEST_F(WebSocketClientTest, GivesUpOnAServerThatDoesNotAnswer) {
  asio::ip::tcp::acceptor silent(io_, {asio::ip::address_v4::loopback(), 0});
  const std::string port = std::to_string(silent.local_endpoint().port());
  const auto ws = Connect("ws://127.0.0.1:" + port + "/", TimeDelta::Millis(50));
  ASSERT_FALSE(ws);
  EXPECT_EQ(ws.error().message, "No WebSocket at ws://127.0.0.1:" + port + "/: time-out.");
}

}  // namespace
}  // namespace confab::net
