#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/random.h"
#include "net/event.h"
#include "net/http_server.h"

namespace confab::net {

class HttpConnection;

// What an HttpServer and its connections share.
struct HttpServer::State {
  State(asio::io_context& io, HttpHandler& h, HttpServerOptions o)
      : handler(&h), options(std::move(o)), emptied(io.get_executor()) {}

  void Tell(const std::string& trouble) {
    const auto now = std::chrono::steady_clock::now();
    if (!options.on_trouble || (told_at && now - *told_at < kToldInterval)) return;
    told_at = now;
    options.on_trouble(trouble);
  }

  HttpHandler* handler;
  HttpServerOptions options;
  HttpServerCounters counters;
  SecureRandom random;
  std::list<asio::ip::tcp::acceptor> acceptors;  // references stay valid
  std::unordered_set<HttpConnection*> connections;
  bool is_stopping = false;
  static constexpr auto kToldInterval =
      std::chrono::milliseconds(HttpServerOptions::kTroubleInterval.ms());
  std::optional<std::chrono::steady_clock::time_point> told_at;
  Event emptied;  // set when the last connection ends while stopping
};

}  // namespace confab::net
