#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <list>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/random.h"
#include "net/clock.h"
#include "net/event.h"
#include "net/http_server.h"

namespace confab::net {

class HttpConnection;

// What an HttpServer and its connections share.
struct HttpServer::State {
  State(asio::io_context& io, HttpHandler& h, HttpServerOptions o)
      : handler(&h), options(std::move(o)), emptied(io.get_executor()) {}

  void Tell(const std::string& trouble) {
    const Timestamp now = MonotonicNow();
    if (!options.on_trouble || (told_at && now - *told_at < HttpServerOptions::kTroubleInterval))
      return;
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
  std::optional<Timestamp> told_at;
  Event emptied;  // set when the last connection ends while stopping
};

}  // namespace confab::net
