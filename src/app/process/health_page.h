#pragma once

#include <functional>

#include "net/http_handler.h"
#include "net/http_router.h"
#include "observe/metrics.h"
#include "services/gateway/gateway_options.h"
#include "services/gateway/ready_report.h"

namespace confab::app {

// /healthz, /readyz and /metrics of a process that is no gateway. On the io_context's thread.
class HealthPage final : public net::HttpHandler {
 public:
  // The registry must outlive it.
  HealthPage(const observe::MetricsRegistry& metrics, gateway::MetricsAccess access,
             std::function<gateway::ReadyReport()> ready);

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override {
    return router_.Handle(request);
  }

 private:
  net::HttpResponse Metrics(const net::HttpRequest& request) const;
  net::HttpResponse Ready() const;

  const observe::MetricsRegistry& metrics_;
  gateway::MetricsAccess access_;
  std::function<gateway::ReadyReport()> ready_;
  net::HttpRouter router_;
};

}  // namespace confab::app
