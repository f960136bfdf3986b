#include "services/gateway/http_metrics.h"

#include <utility>

namespace confab::gateway {
namespace {

// A long poll of Socket.IO takes up to 25 s.
const std::vector<double> kSecondBounds = {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30};
constexpr unsigned kServerErrors = 500;

}  // namespace

HttpMetrics::HttpMetrics(observe::MetricsRegistry& metrics, observe::Logger logger)
    : metrics_(metrics),
      logger_(std::move(logger)),
      seconds_(metrics.AddHistogram({"confab_http_request_seconds",
                                     "Time from a request's header to its response, long polls "
                                     "included."},
                                    kSecondBounds)) {}

void HttpMetrics::Record(const net::HttpRequest& request, const net::HttpResponse& response,
                         TimeDelta took) {
  seconds_.Observe(took.seconds());
  CounterFor(response.status).Add();
  const bool is_failure = response.status >= kServerErrors;
  // The path may name a room, which is a secret of those in it: never the target as it is.
  logger_.Log(is_failure ? observe::LogLevel::kWarning : observe::LogLevel::kDebug,
              is_failure ? observe::LogEvent::kHttpFailed : observe::LogEvent::kHttpRequest,
              {.trace = request.trace},
              {{"error_id", request.id},
               {"method", request.method},
               {"path", observe::Private(request.path)},
               {"peer", observe::Private(request.client)},
               {"status", response.status},
               {"took_us", took}});
}

observe::Counter& HttpMetrics::CounterFor(unsigned status) {
  const size_t status_class = std::min<size_t>(status / 100, by_class_.size() - 1);
  observe::Counter*& counter = by_class_[status_class];
  if (!counter) {
    counter = &metrics_.AddCounter({"confab_http_responses_total", "Responses by class of status."},
                                   {{"class", std::to_string(status_class) + "xx"}});
  }
  return *counter;
}

}  // namespace confab::gateway
