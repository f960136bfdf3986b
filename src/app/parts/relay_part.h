#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "app/process/environment.h"
#include "backends/bus/relay/relay.h"
#include "services/gateway/ready_report.h"

namespace confab::app {

// The relay between the region of this process (instance.region, bus.*) and another one (relay.*),
// with its metrics and its log. On the io_context's thread.
class RelayPart {
 public:
  // Error kInvalidConfiguration, with the fix; a Redis that is away is none.
  static Result<std::unique_ptr<RelayPart>> Open(const Environment& environment);

  // Ready while both regions answer: relaying is all that its process does.
  gateway::ReadyReport::Part Ready() const;

 private:
  RelayPart(const Environment& environment, std::unique_ptr<bus::Relay> relay);
  void AddMetrics();
  // Logs when one of the regions goes, and when both are back.
  void WatchLater();
  void Watch();

  const Environment environment_;
  observe::Logger logger_;
  std::unique_ptr<bus::Relay> relay_;
  asio::steady_timer watching_;
  bool has_been_up_ = false;
  bool was_up_ = true;
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
};

}  // namespace confab::app
