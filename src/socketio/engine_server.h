#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/random.h"
#include "net/asio.h"
#include "net/http_handler.h"
#include "socketio/engine_session.h"
#include "socketio/options.h"

namespace confab::socketio {

// What an EngineServer and its sessions share: it outlives the server where coroutines do.
class EngineCore {
 public:
  using Accept = std::function<std::shared_ptr<EngineListener>(EngineSession&)>;

  EngineCore(const asio::any_io_executor& e, EngineOptions o)
      : executor(e), options(std::move(o)) {}

  asio::any_io_executor executor;
  EngineOptions options;
  ServerCounters counters;
  Accept accept;  // empty after the end of the server
  SecureRandom random;
  std::unordered_map<std::string, std::shared_ptr<EngineSession>> sessions;
};

// An Engine.IO 4 server without anything above it: long-polling, WebSocket and the upgrade, CORS,
// session limits, and the error replies of the reference server.
class EngineServer final : public net::HttpHandler {
 public:
  // `accept` makes the listener of a new session; Send works inside it.
  EngineServer(const asio::any_io_executor& executor, EngineOptions options,
               EngineCore::Accept accept);
  ~EngineServer() override;

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;
  asio::awaitable<std::optional<net::HttpResponse>> Upgrade(net::HttpRequest& request,
                                                            net::Stream& stream) override;
  // Closes every session (kShuttingDown) and refuses new ones.
  void Stop();

  ServerCounters& counters();

 private:
  // Shared: see EngineCore.
  std::shared_ptr<EngineCore> core_;
};

}  // namespace confab::socketio
