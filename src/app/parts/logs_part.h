#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "app/process/environment.h"
#include "app/process/health_page.h"
#include "auth/authority.h"
#include "base/socket_address.h"
#include "services/logs/logs_service.h"

namespace confab::app {

// The log viewer as the configuration has it, on a thread of its own: its searches and its reading
// of files must not keep calls waiting. Numbers about it are in a registry of its own, which that
// thread alone reads. Made, started, stopped and destroyed on the io_context's thread.
class LogsPart {
 public:
  // So long the token of a printed link is good.
  static constexpr TimeDelta kLinkLifetime = TimeDelta::Seconds(12 * 3600);
  // In `serve`, where the viewer's port is taken.
  static constexpr uint16_t kPortTries = 20;

  struct Doors {
    std::shared_ptr<auth::Authority> authority;  // shared with its thread
    std::filesystem::path folder;
    uint16_t port_tries = 1;
  };

  explicit LogsPart(const Environment& environment);
  ~LogsPart();
  LogsPart(const LogsPart&) = delete;
  LogsPart& operator=(const LogsPart&) = delete;

  // Error: as LogsService::Start. After an error nothing is left to stop.
  Result<void> Start(Doors doors);
  asio::awaitable<void> Stop(TimeDelta deadline);

  uint16_t port() const { return address_.port(); }
  // Where this process itself reaches it.
  SocketAddress own_address() const;
  // Where a browser finds it, with a token behind '#', which browsers keep to themselves. Where
  // this process has no key to sign with, without.
  std::string Link() const;

 private:
  void EndThread();

  const Environment environment_;
  std::shared_ptr<auth::Authority> authority_;
  observe::MetricsRegistry metrics_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  std::unique_ptr<HealthPage> health_;
  std::unique_ptr<logs::LogsService> service_;
  SocketAddress address_;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace confab::app
