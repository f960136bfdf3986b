#pragma once

#include <functional>

#include "auth/authority.h"
#include "net/http_handler.h"
#include "net/http_router.h"
#include "observe/metrics.h"
#include "services/gateway/metrics_door.h"
#include "services/gateway/ready_report.h"

namespace confab::app {

// /healthz, /readyz and /metrics of a process that is no gateway. On the io_context's thread.
class HealthPage final : public net::HttpHandler {
 public:
  // The registry must outlive it. Until TakeTokensOf, no token opens /metrics.
  HealthPage(const observe::MetricsRegistry& metrics, gateway::MetricsAccess access,
             std::function<gateway::ReadyReport()> ready);

  // From now on API tokens of this authority open /metrics too (gateway::MetricsDoor). It must
  // outlive the page.
  void TakeTokensOf(auth::Authority& authority) { authority_ = &authority; }

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override {
    return router_.Handle(request);
  }

 private:
  net::HttpResponse Metrics(const net::HttpRequest& request) const;
  net::HttpResponse Ready() const;

  const observe::MetricsRegistry& metrics_;
  gateway::MetricsAccess access_;
  auth::Authority* authority_ = nullptr;
  std::function<gateway::ReadyReport()> ready_;
  net::HttpRouter router_;
};

}  // namespace confab::app
