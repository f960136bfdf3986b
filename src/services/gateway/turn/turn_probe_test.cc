#include "services/gateway/turn/turn_probe.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include "net/testing/loopback.h"

namespace confab::gateway {
namespace {

using asio::ip::tcp, asio::ip::udp;
using Transport = TurnUrl::Transport;

// For 127.0.0.1, on a context for which Asio's resolver refuses to work.
class TurnProbeTest : public testing::Test {
 protected:
  bool Answers(uint16_t port, Transport transport) {
    TurnUrl url;
    url.host = "127.0.0.1";
    url.port = port;
    url.transport = transport;
    return net::RunOn(io_, AnswersStun(url, TimeDelta::Seconds(10)));
  }

  asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
};

// Says yes to the first binding request.
asio::awaitable<void> AnswerOnce(udp::socket& socket) {
  constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
  std::array<uint8_t, 1500> message{};
  udp::endpoint client;
  const auto [lost, size] =
      co_await socket.async_receive_from(asio::buffer(message), client, kTuple);
  if (lost) co_return;
  message[0] = message[1] = 0x01;  // the success response, RFC 8489 §5
  const auto answer = asio::buffer(message, size);
  co_await socket.async_send_to(answer, client, kTuple);
}

TEST_F(TurnProbeTest, NeedsNoResolverForAnAddressOverUdp) {
  udp::socket server(io_, udp::endpoint(asio::ip::address_v4::loopback(), 0));
  asio::co_spawn(io_, AnswerOnce(server), asio::detached);
  EXPECT_TRUE(Answers(server.local_endpoint().port(), Transport::kUdp));
}

TEST_F(TurnProbeTest, NeedsNoResolverForAnAddressOverTcp) {
  const tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
  const tcp::acceptor server(io_, any);
  EXPECT_TRUE(Answers(server.local_endpoint().port(), Transport::kTls));
}

}  // namespace
}  // namespace confab::gateway
