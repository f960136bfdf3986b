#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/socket_address.h"
#include "net/event.h"
#include "net/http_router.h"
#include "net/http_server.h"
#include "services/logs/live_readers.h"
#include "services/logs/log_source.h"
#include "services/logs/logs_door.h"
#include "services/logs/logs_options.h"
#include "services/logs/pages.h"

namespace confab::logs {

// Shows the logs of all services: follows their folder, answers searches, and lets people watch.
// Lives on one io_context and its thread, which nothing else should use that must be quick: its
// searches and reads take some milliseconds. Must outlive Stop's completion.
//
//   /api/v1/logs                what was logged, the newest first
//   /api/v1/logs/rooms/{room}   one call of the room explained (story/)
//   /api/v1/logs/live           what is being logged (LiveReaders)
//   /healthz, /readyz, /metrics
//   everything else     the page
class LogsService final : public net::HttpHandler {
 public:
  static constexpr TimeDelta kReadInterval = TimeDelta::Millis(250);
  static constexpr size_t kMaxConnections = 512;  // beyond: closed at once
  static constexpr size_t kDefaultLines = 200;    // of an answer that asks for no number

  LogsService(asio::io_context& io, LogsOptions options);
  ~LogsService() override;

  // Listens and reads. Error: kInvalidConfiguration (the address, the folder of pages),
  // kUnavailable (the ports are taken). The log folder may be missing: problem() says so.
  Result<SocketAddress> Start();
  asio::awaitable<void> Stop(TimeDelta deadline);

  // A sentence where the folder cannot be read; else "".
  const std::string& problem() const { return source_.problem(); }
  // What is answered here, the page's files aside. For comparing with the documents.
  std::vector<std::string> paths() const { return router_.paths(); }

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;
  asio::awaitable<std::optional<net::HttpResponse>> Upgrade(net::HttpRequest& request,
                                                            net::Stream& stream) override;

 private:
  void AddRoutes();
  void AddMetrics();
  net::HttpResponse Search(const net::HttpRequest& request) const;
  net::HttpResponse TellOfRoom(const net::HttpRequest& request) const;
  net::HttpResponse LiveWithoutUpgrade(const net::HttpRequest& request) const;
  asio::awaitable<void> ReadOn();

  LogsOptions options_;
  LogsDoor door_;
  LogSource source_;
  LiveReaders live_;
  std::unique_ptr<Pages> pages_;
  net::HttpRouter router_;
  net::HttpServer server_;
  net::Event stop_;
  net::Event read_ended_;
  std::vector<std::shared_ptr<void>> sampled_;  // keeps the metrics registered
};

}  // namespace confab::logs
