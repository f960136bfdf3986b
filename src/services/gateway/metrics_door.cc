#include "services/gateway/metrics_door.h"

#include "services/gateway/api/access.h"

namespace confab::gateway {
namespace {

bool IsLocal(const net::HttpRequest& request) {
  return request.peer.is_loopback() && !request.headers.Find("X-Forwarded-For") &&
         !request.headers.Find("Forwarded");
}

std::unexpected<Error> Forbidden(std::string sentence) {
  return Fail(ErrorCode::kForbidden, std::move(sentence));
}

}  // namespace

Result<void> MetricsDoor::Admit(const net::HttpRequest& request, int64_t now_s) const {
  switch (access_) {
    case MetricsAccess::kOff: return Forbidden("The metrics are switched off: gateway.metrics.");
    case MetricsAccess::kAll: return {};
    case MetricsAccess::kLocal:
      if (IsLocal(request)) return {};
      break;
    case MetricsAccess::kToken: break;
  }
  const std::string_view token = BearerToken(request);
  if (token.empty() || authority_ == nullptr) {
    return Forbidden(
        "The metrics need an API token with the scope metrics:read, as \"Authorization: Bearer "
        "TOKEN\"; gateway.metrics says who needs none.");
  }
  const auto claims = authority_->VerifyApi(token, now_s);
  if (!claims) return std::unexpected(claims.error());
  if (!claims->Allows(kMetricsScope)) {
    return Forbidden("This token does not have the scope metrics:read.");
  }
  if (!claims->room.empty()) {
    return Forbidden("This token is for one room, and the metrics are about all of them.");
  }
  return {};
}

net::HttpResponse RefuseMetrics(const Error& error, const net::HttpRequest& request) {
  net::HttpResponse response = net::ErrorResponse(error, request.id);
  if (error.code == ErrorCode::kUnauthorized) response.headers.Set("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace confab::gateway
