#include "socketio/server.h"

#include "base/check.h"
#include "socketio/connection.h"
#include "socketio/server_core.h"

namespace confab::socketio {

Server::Server(asio::io_context& io, ServerOptions options)
    : core_(std::make_shared<ServerCore>(io.get_executor(), std::move(options))) {
  Of("/");
  engine_ = std::make_unique<EngineServer>(
      core_->executor, core_->options.engine, [core = core_](EngineSession& session) {
        const auto connection = std::make_shared<Connection>(core, session);
        connection->Start();
        return connection;
      });
}

Server::~Server() {
  Stop();
}

Namespace& Server::Of(std::string_view name) {
  CHECK(name.starts_with('/'));
  const auto found = core_->namespaces.find(name);
  if (found != core_->namespaces.end()) return *found->second;
  auto made = std::make_unique<Namespace>(core_->executor, std::string(name));
  return *core_->namespaces.emplace(name, std::move(made)).first->second;
}

asio::awaitable<net::HttpResponse> Server::Handle(net::HttpRequest& request) {
  return engine_->Handle(request);
}

asio::awaitable<std::optional<net::HttpResponse>> Server::Upgrade(net::HttpRequest& request,
                                                                  net::Stream& stream) {
  return engine_->Upgrade(request, stream);
}

void Server::Stop() {
  engine_->Stop();
}

ServerCounters Server::counters() const {
  ServerCounters counters = engine_->counters();
  counters.parse_errors += core_->parse_errors;
  counters.handler_exceptions = core_->handler_exceptions;
  counters.dropped_events = core_->dropped_events;
  return counters;
}

}  // namespace confab::socketio
