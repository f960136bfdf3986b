#include "services/gateway/turn/turn_probe.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <span>

#include "base/random.h"
#include "net/lookup.h"

namespace confab::gateway {
namespace {

using namespace asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace)
using asio::ip::tcp, asio::ip::udp;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

constexpr size_t kHeaderSize = 20;  // RFC 8489 §5
constexpr size_t kMaxAnswer = 1500;
using Header = std::array<uint8_t, kHeaderSize>;

Header BindingRequest() {
  // Type 0x0001, no attributes, the magic cookie, 96 random bits.
  Header header{0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42};
  SecureRandom random;
  random.Fill(std::span(header).subspan(8));
  return header;
}

// A success or error response to that very request.
bool IsAnswer(std::span<const uint8_t> bytes, const Header& request) {
  return bytes.size() >= kHeaderSize && bytes[0] == 0x01 &&
         (bytes[1] == 0x01 || bytes[1] == 0x11) &&
         std::ranges::equal(bytes.subspan(4, 16), std::span(request).subspan(4));
}

asio::awaitable<bool> AskUdp(TurnUrl url, TimeDelta limit) {
  const auto executor = co_await asio::this_coro::executor;
  const net::FoundAddresses found = co_await net::LookUp(url.host, limit);
  if (found.failed) co_return false;
  const udp::endpoint server(found.addresses.front(), url.port);
  error_code failed;
  udp::socket socket(executor);
  socket.open(server.protocol(), failed);
  if (failed || socket.connect(server, failed)) co_return false;
  const Header request = BindingRequest();
  const auto [unsent, sent] = co_await socket.async_send(asio::buffer(request), kTuple);
  if (unsent) co_return false;
  for (;;) {
    std::array<uint8_t, kMaxAnswer> answer;
    const auto [error, size] = co_await socket.async_receive(asio::buffer(answer), kTuple);
    if (error) co_return false;
    if (IsAnswer(std::span(answer).first(size), request)) co_return true;
  }
}

asio::awaitable<bool> AskTcp(TurnUrl url, TimeDelta limit) {
  const auto executor = co_await asio::this_coro::executor;
  const net::FoundAddresses found = co_await net::LookUp(url.host, limit);
  if (found.failed) co_return false;
  const tcp::endpoint server(found.addresses.front(), url.port);
  tcp::socket socket(executor);
  const auto [refused] = co_await socket.async_connect(server, kTuple);
  if (refused) co_return false;
  if (url.transport == TurnUrl::Transport::kTls) co_return true;
  const Header request = BindingRequest();
  const auto [unsent, sent] = co_await asio::async_write(socket, asio::buffer(request), kTuple);
  if (unsent) co_return false;
  Header answer;
  const auto [error, size] = co_await asio::async_read(socket, asio::buffer(answer), kTuple);
  co_return !error && IsAnswer(answer, request);
}

asio::awaitable<void> Wait(TimeDelta limit) {
  asio::steady_timer timer(co_await asio::this_coro::executor, ToChrono(limit));
  co_await timer.async_wait(kTuple);
}

}  // namespace

asio::awaitable<bool> AnswersStun(TurnUrl url, TimeDelta limit) {
  const bool is_udp = url.transport == TurnUrl::Transport::kUdp;
  auto ask = is_udp ? AskUdp(std::move(url), limit) : AskTcp(std::move(url), limit);
  const auto first = co_await (std::move(ask) || Wait(limit));
  co_return first.index() == 0 && std::get<0>(first);
}

}  // namespace confab::gateway
