#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bucket_counts.h"
#include "net/asio.h"
#include "observe/metrics.h"

namespace confab::app {

// What every process tells of itself: its version and role, what it uses of the machine, and how
// late its io_context's loop is. On the io_context's thread; io_context and registry must outlive
// it.
class ProcessMetrics {
 public:
  // How often the loop is looked at.
  static constexpr std::chrono::milliseconds kInterval{100};

  // `role`: the command, such as "media".
  ProcessMetrics(asio::io_context& io, observe::MetricsRegistry& metrics, std::string_view role);

  // Ends the looking, so that the io_context may rest.
  void Stop() { timer_.cancel(); }

 private:
  void LookLater();

  asio::steady_timer timer_;
  BucketCounts lag_{kShortTimes};
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
};

}  // namespace confab::app
