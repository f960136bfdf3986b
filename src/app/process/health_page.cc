#include "app/process/health_page.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "auth/unix_time.h"

namespace confab::app {
namespace {

namespace json = boost::json;
using gateway::MetricsAccess;
using net::HttpRequest, net::HttpResponse;

HttpResponse Json(unsigned status, const json::object& object) {
  HttpResponse response = net::JsonResponse(status, json::serialize(object));
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

template <typename Function>
net::HttpFunction Immediate(Function function) {
  return [function](HttpRequest& request) -> asio::awaitable<HttpResponse> {
    co_return function(request);
  };
}

}  // namespace

HealthPage::HealthPage(const observe::MetricsRegistry& metrics, MetricsAccess access,
                       std::function<gateway::ReadyReport()> ready)
    : metrics_(metrics), access_(access), ready_(std::move(ready)) {
  router_.Add("GET", "/healthz",
              Immediate([](const HttpRequest&) { return Json(200, {{"status", "ok"}}); }));
  router_.Add("GET", "/readyz", Immediate([this](const HttpRequest&) { return Ready(); }));
  router_.Add("GET", "/metrics",
              Immediate([this](const HttpRequest& request) { return Metrics(request); }));
}

HttpResponse HealthPage::Ready() const {
  const gateway::ReadyReport report = ready_();
  json::object parts;
  for (const gateway::ReadyReport::Part& part : report.parts) {
    parts[part.name] = part.reason.empty() ? "ready" : part.reason;
  }
  const char* status = report.is_ready() ? "ready" : "not ready";
  return Json(report.is_ready() ? 200 : 503, {{"status", status}, {"parts", std::move(parts)}});
}

HttpResponse HealthPage::Metrics(const HttpRequest& request) const {
  const gateway::MetricsDoor door(access_, authority_);
  if (const auto admitted = door.Admit(request, auth::UnixSeconds()); !admitted) {
    return gateway::RefuseMetrics(admitted.error(), request);
  }
  HttpResponse response;
  response.headers = {{"Content-Type", observe::MetricsRegistry::kContentType},
                      {"Cache-Control", "no-store"}};
  response.body = metrics_.Exposition();
  return response;
}

}  // namespace confab::app
