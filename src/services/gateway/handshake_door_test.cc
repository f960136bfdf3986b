#include "services/gateway/handshake_door.h"

#include <gtest/gtest.h>

#include "net/stream.h"
#include "net/testing/loopback.h"

namespace confab::gateway {
namespace {

using net::HttpRequest, net::HttpResponse;

class OpenToAll final : public net::HttpHandler {
 public:
  asio::awaitable<HttpResponse> Handle(HttpRequest&) override {
    co_return net::TextResponse(200, "");
  }
  asio::awaitable<std::optional<HttpResponse>> Upgrade(HttpRequest&, net::Stream&) override {
    co_return std::nullopt;
  }
};

class HandshakeDoorTest : public ::testing::Test {
 protected:
  static HttpRequest From(const char* ip, std::string query = "EIO=4&transport=polling") {
    HttpRequest request;
    request.method = "GET";
    request.path = "/socket.io/";
    request.query = std::move(query);
    request.client = *SocketAddress::Parse(ip, 5000);
    return request;
  }
  HttpResponse Ask(HttpRequest request) { return net::RunOn(io_, door_.Handle(request)); }
  std::optional<HttpResponse> Open(HttpRequest request) {
    net::Stream stream{net::Stream::TcpSocket(io_)};
    return net::RunOn(io_, door_.Upgrade(request, stream));
  }

  asio::io_context io_;
  OpenToAll inside_;
  Timestamp now_ = Timestamp::Millis(1'000'000);
  HandshakeDoor door_{inside_, {.per_second = 1, .burst = 2}, [this] { return now_; }};
};

TEST_F(HandshakeDoorTest, LimitsEachAddressAndSaysWhenToComeBack) {
  EXPECT_EQ(Ask(From("192.0.2.7")).status, 200u);
  EXPECT_EQ(Ask(From("192.0.2.7")).status, 200u);
  const HttpResponse refused = Ask(From("192.0.2.7"));
  EXPECT_EQ(refused.status, 429u);
  EXPECT_NE(refused.content().find("\"code\":\"rate_limited\""), std::string_view::npos);
  EXPECT_EQ(refused.headers.Value("Retry-After"), "2");
  EXPECT_EQ(Ask(From("192.0.2.8")).status, 200u);
  now_ = now_ + TimeDelta::Millis(1001);
  EXPECT_EQ(Ask(From("192.0.2.7")).status, 200u);
}

TEST_F(HandshakeDoorTest, CountsWebSocketsWithTheRest) {
  const std::string query = "EIO=4&transport=websocket";
  EXPECT_FALSE(Open(From("192.0.2.7", query)));
  EXPECT_EQ(Ask(From("192.0.2.7")).status, 200u);
  const auto refused = Open(From("192.0.2.7", query));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 429u);
}

TEST_F(HandshakeDoorTest, CountsAnAddressOfIpv6WithItsNeighbours) {
  EXPECT_EQ(Ask(From("2001:db8::1")).status, 200u);
  EXPECT_EQ(Ask(From("2001:db8::2")).status, 200u);
  EXPECT_EQ(Ask(From("2001:db8::3")).status, 429u);
}

TEST_F(HandshakeDoorTest, LetsPassWhatBelongsToAConnection) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Ask(From("192.0.2.7", "EIO=4&transport=polling&sid=s1.abc")).status, 200u);
  }
  EXPECT_FALSE(Open(From("192.0.2.7", "EIO=4&transport=websocket&sid=s1.abc")));
  EXPECT_EQ(Ask(From("192.0.2.7")).status, 200u);
}

}  // namespace
}  // namespace confab::gateway
