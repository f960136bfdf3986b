#pragma once

#include "base/units.h"
#include "net/http_message.h"
#include "observe/logger.h"
#include "observe/metrics.h"

namespace confab::gateway {

// Counts and times every response. Created with the server, used on its thread.
class HttpMetrics {
 public:
  HttpMetrics(observe::MetricsRegistry& metrics, observe::Logger logger);

  void Record(const net::HttpRequest& request, const net::HttpResponse& response, TimeDelta took);

 private:
  observe::Counter& CounterFor(unsigned status);

  observe::MetricsRegistry& metrics_;
  observe::Logger logger_;
  observe::Histogram& seconds_;
  // By the status' first digit; made when first needed.
  std::array<observe::Counter*, 6> by_class_{};
};

}  // namespace confab::gateway
