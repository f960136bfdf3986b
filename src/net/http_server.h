#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ip_network.h"
#include "net/asio.h"
#include "net/http_handler.h"

namespace confab::net {

class TlsContext;

struct HttpServerOptions {
  size_t max_header_bytes = 16 * 1024;                // beyond: 431
  size_t max_target_bytes = 8 * 1024;                 // beyond: 414
  size_t max_body_bytes = 1024 * 1024;                // beyond: 413
  size_t max_connections = 10'000;                    // beyond: accepted and closed at once
  TimeDelta header_timeout = TimeDelta::Seconds(10);  // first byte of a request to end of header
  TimeDelta body_timeout = TimeDelta::Seconds(30);    // end of header to end of body
  TimeDelta idle_timeout = TimeDelta::Seconds(60);    // between requests
  TimeDelta write_timeout = TimeDelta::Seconds(30);   // one response
  // Proxies whose word about their client counts (net/forwarded.h); empty: nobody's.
  std::vector<IpNetwork> trusted_proxies;
  // Added to every response that does not set them itself.
  HttpHeaders default_headers;
  // Called after each response; must not throw. For access logs and metrics.
  std::function<void(const HttpRequest&, const HttpResponse&, TimeDelta took)> on_response;
  // Called when connections cannot be taken, with a sentence that says why; at most every
  // kTroubleInterval, however many they are. Must not throw. For the log.
  std::function<void(const std::string& why)> on_trouble;
  static constexpr TimeDelta kTroubleInterval = TimeDelta::Seconds(10);
};

struct HttpServerCounters {
  uint64_t accepted = 0;
  uint64_t refused_connections = 0;  // max_connections
  uint64_t failed_accepts = 0;       // the system had none to give: file descriptors, memory
  uint64_t requests = 0;
  uint64_t bad_requests = 0;  // did not parse, or beyond a limit
  uint64_t timeouts = 0;      // closed by one of the time-outs
  uint64_t failed_handshakes = 0;
  uint64_t handler_exceptions = 0;
  uint64_t open_connections = 0;  // now, upgraded ones included
};

struct HttpListenOptions {
  std::string address = "127.0.0.1";      // IPv4 or IPv6; "::" takes both
  uint16_t port = 0;                      // 0: the system chooses
  uint16_t port_tries = 1;                // a taken port: port + 1, … so many ports altogether
  std::shared_ptr<const TlsContext> tls;  // HTTPS where set; shared with the open connections
};

// An HTTP/1.1 server: keep-alive, one coroutine per connection, every wait bounded. Used from the
// io_context's thread only. The handler must outlive the server and, after Stop(), nothing of the
// server refers to it.
class HttpServer {
 public:
  HttpServer(asio::io_context& io, HttpHandler& handler, HttpServerOptions options);
  // Closes everything at once.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Starts to accept; returns the address that was taken. May be called several times, for example
  // for HTTP and HTTPS. Error: kInvalidConfiguration (no such address), kUnavailable (ports taken).
  Result<SocketAddress> Listen(const HttpListenOptions& options);

  // Stops accepting, closes idle connections, lets requests end for at most `deadline`, then
  // closes what is left, upgraded streams included, and returns when no connection is open: at most
  // a second later where a handler does not end.
  asio::awaitable<void> Stop(TimeDelta deadline);

  const HttpServerCounters& counters() const;

 private:
  friend class HttpConnection;
  struct State;
  // Shared with the connections' coroutines, which may be destroyed after the server is.
  std::shared_ptr<State> state_;
};

}  // namespace confab::net
