#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "net/asio.h"
#include "socketio/engine_server.h"
#include "socketio/namespace.h"
#include "socketio/options.h"

namespace confab::socketio {

// What a Server, its namespaces and its connections share.
class ServerCore {
 public:
  ServerCore(const asio::any_io_executor& e, ServerOptions o)
      : executor(e), options(std::move(o)) {}

  asio::any_io_executor executor;
  ServerOptions options;
  std::map<std::string, std::unique_ptr<Namespace>, std::less<>> namespaces;
  uint64_t parse_errors = 0;
  uint64_t handler_exceptions = 0;
  uint64_t dropped_events = 0;
  SecureRandom random;
};

}  // namespace confab::socketio
