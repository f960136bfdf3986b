#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "net/http_handler.h"

namespace confab::net {

struct Upstream {
  std::string host;  // name or address
  uint16_t port = 0;
};

struct HttpProxyOptions {
  TimeDelta connect_timeout = TimeDelta::Seconds(3);
  // To the whole response; longer than a long poll.
  TimeDelta response_timeout = TimeDelta::Seconds(60);
  size_t max_response_bytes = 8 * 1024 * 1024;
  // To 16 KB through a tunnel; where a side takes them no faster, the tunnel ends.
  TimeDelta tunnel_write_timeout = TimeDelta::Seconds(30);
  // Called for each upstream to which no connection could be made; must not throw. May be empty.
  std::function<void(const Upstream&)> on_away;
};

struct HttpProxyCounters {
  uint64_t requests = 0;
  uint64_t tunnels = 0;
  uint64_t open_tunnels = 0;  // now
  uint64_t failures = 0;      // answered 502, 503 or 504
};

// Forwards requests to another HTTP server, WebSocket upgrades included (after 101 the bytes go
// through untouched). Hop-by-hop fields are removed (RFC 9110 §7.6.1), X-Forwarded-For, -Proto and
// -Host are set to what the server found out about the client, Host is kept. One upstream
// connection per request; where none can be made the next upstream is tried, but never after
// something was sent. Errors in the one error shape: 502 (broken answer), 503 (nobody answers), 504
// (time-out).
class HttpProxy final : public HttpHandler {
 public:
  // Tried for one request; further ones are left out.
  static constexpr size_t kMaxTries = 3;

  // Chooses where a request may go, the best first: for example by the instance id before the '.'
  // of an Engine.IO session id. Or says what is answered instead.
  using Choice = std::expected<std::vector<Upstream>, HttpResponse>;
  using Choose = std::function<Choice(const HttpRequest&)>;

  HttpProxy(Choose choose, HttpProxyOptions options);

  asio::awaitable<HttpResponse> Handle(HttpRequest& request) override;
  asio::awaitable<std::optional<HttpResponse>> Upgrade(HttpRequest& request,
                                                       Stream& stream) override;

  const HttpProxyCounters& counters() const { return counters_; }

 private:
  static constexpr size_t kMaxRefusalBytes = 64 * 1024;  // of an upgrade that is answered otherwise

  asio::awaitable<std::expected<Stream, HttpResponse>> Connect(const HttpRequest& request);
  HttpResponse Failed(const Stream& upstream, const HttpRequest& request);

  Choose choose_;
  HttpProxyOptions options_;
  HttpProxyCounters counters_;
};

}  // namespace confab::net
