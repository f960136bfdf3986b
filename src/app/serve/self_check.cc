#include "app/serve/self_check.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "base/random.h"
#include "net/http_fetch.h"
#include "rtc/stun/stun_message.h"
#include "rtc/stun/stun_writer.h"

namespace confab::app {
namespace {

using asio::ip::udp;

constexpr int kStunTries = 3;
constexpr TimeDelta kStunWait = TimeDelta::Millis(500);  // RFC 8489 §6.2.1: the first RTO
constexpr TimeDelta kPageWait = TimeDelta::Seconds(3);

udp::endpoint ToEndpoint(const SocketAddress& address) {
  return {asio::ip::make_address(address.IpToString()), address.port()};
}

bool IsAnswer(BytesView bytes, const rtc::StunTransactionId& id) {
  const auto message = rtc::StunMessage::Parse(bytes);
  if (!message || message->transaction_id() != id) return false;
  return message->message_class() == rtc::StunClass::kSuccessResponse ||
         message->message_class() == rtc::StunClass::kErrorResponse;
}

// Receives until an answer, an error (the timer's cancel included).
asio::awaitable<bool> ReceiveAnswer(udp::socket& socket, const rtc::StunTransactionId& id) {
  std::array<uint8_t, 1500> buffer;
  while (true) {
    error_code error;
    const size_t size = co_await socket.async_receive(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    if (IsAnswer(BytesView(buffer).first(size), id)) co_return true;
  }
}

asio::awaitable<bool> AskOnce(udp::socket& socket) {
  rtc::StunTransactionId id;
  SecureRandom().Fill(id);
  std::array<uint8_t, rtc::kMaxStunMessageSize> buffer;
  rtc::StunWriter writer(buffer, rtc::StunClass::kRequest, id);
  writer.AddFingerprint();
  error_code error;
  socket.send(asio::buffer(buffer.data(), writer.size()), 0, error);
  if (error) co_return false;
  asio::steady_timer timer(socket.get_executor(), ToChrono(kStunWait));
  timer.async_wait([&socket](error_code timer_error) {
    if (!timer_error) socket.cancel();
  });
  const bool is_answered = co_await ReceiveAnswer(socket, id);
  timer.cancel();
  co_return is_answered;
}

}  // namespace

asio::awaitable<Result<void>> CheckPage(std::string url) {
  net::HttpFetchOptions options;
  options.timeout = kPageWait;
  options.trust = net::TlsTrust::kAnyCertificate;
  const Result<net::HttpResponse> response = co_await net::HttpFetch(url, std::move(options));
  if (response && response->status == 200) co_return Result<void>();
  const std::string why = response ? fmt::format("it answers with status {}", response->status)
                                   : response.error().message;
  co_return Fail(ErrorCode::kUnavailable,
                 fmt::format("The page {} cannot be opened ({}). If the pages are missing, build "
                             "them with ./dev build; else look at the log above.",
                             url, why));
}

asio::awaitable<Result<void>> CheckMediaPort(SocketAddress address) {
  const auto executor = co_await asio::this_coro::executor;
  const udp::endpoint endpoint = ToEndpoint(address);
  udp::socket socket(executor);
  error_code error;
  const bool is_open = !socket.open(endpoint.protocol(), error) && !socket.connect(endpoint, error);
  for (int i = 0; i < kStunTries && is_open; ++i) {
    if (co_await AskOnce(socket)) co_return Result<void>();
  }
  co_return Fail(
      ErrorCode::kUnavailable,
      fmt::format("The media port does not answer at {} (UDP). Let UDP port {} through the "
                  "firewall of this machine, or choose another with --media-port.",
                  address.ToString(), address.port()));
}

}  // namespace confab::app
