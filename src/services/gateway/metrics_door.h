#pragma once

#include <cstdint>
#include <string_view>

#include "auth/authority.h"
#include "base/error.h"
#include "net/http_message.h"
#include "services/gateway/api/scope.h"

namespace confab::gateway {

// Who may read numbers about a service: /metrics.
enum class MetricsAccess : uint8_t {
  kOff,    // nobody
  kToken,  // who shows a token
  kLocal,  // the same, and who asks from a loopback address, not through a proxy
  kAll,
};

// The scope that an API token needs for it.
inline constexpr std::string_view kMetricsScope = ToString(Scope::kMetricsRead);

// The door of /metrics, the same at every service. A value; lives on the service's thread.
class MetricsDoor {
 public:
  // `authority` must outlive it; nullptr: no token is taken.
  MetricsDoor(MetricsAccess access, auth::Authority* authority)
      : access_(access), authority_(authority) {}

  // Error: kForbidden (no token, or one without the scope or for one room alone), kUnauthorized (it
  // does not verify).
  Result<void> Admit(const net::HttpRequest& request, int64_t now_s) const;

 private:
  MetricsAccess access_;
  auth::Authority* authority_;
};

// The answer to a request that Admit refused.
net::HttpResponse RefuseMetrics(const Error& error, const net::HttpRequest& request);

}  // namespace confab::gateway
