#include "net/websocket_client.h"

#include "net/stream.h"
#include "net/url_target.h"

namespace confab::net {

asio::awaitable<Result<std::unique_ptr<WebSocket>>> ConnectWebSocket(std::string url,
                                                                     size_t max_message_bytes,
                                                                     TimeDelta limit) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + ToChrono(limit);
  const auto target = ParseUrlTarget(url, UrlScheme::kWebSocket);
  if (!target) co_return std::unexpected(target.error());
  if (target->is_tls) {
    co_return Fail(ErrorCode::kInvalidMessage,
                   url + ": this client speaks no TLS; use a ws:// or http:// address.");
  }
  auto connected = co_await ConnectTcp(target->host, target->port, limit);
  if (!connected) {
    co_return Fail(ErrorCode::kUnavailable, "Cannot connect to " + connected.error().message +
                                                "; check that the server runs at this address.");
  }
  auto stream = std::make_unique<Stream>(std::move(*connected));
  Stream& borrowed = *stream;
  auto ws = std::make_unique<WebSocket>(std::move(stream), max_message_bytes);
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now());
  borrowed.ExpireAfter(TimeDelta::Micros(left.count()));
  const auto opened = co_await ws->Request(target->authority, target->path);
  if (!opened) {
    const std::string why = borrowed.expired() ? "time-out" : opened.error().message;
    co_return Fail(ErrorCode::kUnavailable, "No WebSocket at " + url + ": " + why + ".");
  }
  borrowed.NeverExpire();
  co_return ws;
}

}  // namespace confab::net
