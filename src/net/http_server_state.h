#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <list>
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

  HttpHandler* handler;
  HttpServerOptions options;
  HttpServerCounters counters;
  SecureRandom random;
  std::list<asio::ip::tcp::acceptor> acceptors;  // references stay valid
  std::unordered_set<HttpConnection*> connections;
  bool is_stopping = false;
  Event emptied;  // set when the last connection ends while stopping
};

}  // namespace confab::net
