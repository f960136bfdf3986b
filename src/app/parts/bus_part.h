#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "app/process/environment.h"
#include "backends/bus/bus.h"
#include "services/gateway/ready_report.h"

namespace confab::app {

// The bus as the configuration has it, with its metrics and its log. Begins to beat at once, and
// again when Redis is back, so that Redis may start later than confab. On the io_context's thread.
class BusPart {
 public:
  // Whom this process shares rooms with.
  enum class Peers : uint8_t { kNone, kOtherProcesses };

  // nullptr: the configuration has none. Error kInvalidConfiguration, with the fix; a Redis that is
  // away is none.
  static Result<std::unique_ptr<BusPart>> Open(const Environment& environment, Peers peers);

  bus::Bus& bus() { return *bus_; }
  // Always ready, for calls go on without it; the reason says what does not work meanwhile.
  gateway::ReadyReport::Part Ready() const;
  // Says goodbye to the others. After whoever uses the bus has stopped, before the destruction.
  asio::awaitable<void> Stop(TimeDelta deadline);

 private:
  BusPart(const Environment& environment, std::unique_ptr<bus::Bus> bus);
  void AddMetrics();
  // Logs when it goes, when it is back, and when Redis has lost what it held.
  void WatchLater();
  void Watch();

  const Environment environment_;
  observe::Logger logger_;
  std::unique_ptr<bus::Bus> bus_;
  asio::steady_timer watching_;
  bool has_been_up_ = false;
  bool was_up_ = true;
  uint64_t wipes_ = 0;
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
};

}  // namespace confab::app
