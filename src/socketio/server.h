#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "net/asio.h"
#include "net/http_handler.h"
#include "socketio/namespace.h"
#include "socketio/options.h"
#include "socketio/socket.h"

namespace confab::socketio {

class EngineServer;
class ServerCore;

// A Socket.IO 5 server over Engine.IO 4. It does not listen: it is a handler for an HttpServer,
// usually `router.AddPrefix("/socket.io/", server)`. One thread.
class Server final : public net::HttpHandler {
 public:
  Server(asio::io_context& io, ServerOptions options);
  ~Server() override;

  // The namespace of that name ("/", "/admin"), made where new. Unknown ones are refused to
  // clients.
  Namespace& Of(std::string_view name);
  // The main namespace.
  Namespace& main() { return Of("/"); }

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;
  asio::awaitable<std::optional<net::HttpResponse>> Upgrade(net::HttpRequest& request,
                                                            net::Stream& stream) override;

  // Disconnects everyone (kShuttingDown) and refuses whoever comes.
  void Stop();

  ServerCounters counters() const;

 private:
  // Shared with connections' coroutines, which may be destroyed after the server is.
  std::shared_ptr<ServerCore> core_;
  std::unique_ptr<EngineServer> engine_;
};

}  // namespace confab::socketio
