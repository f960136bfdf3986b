#include "services/gateway/metrics_door.h"

#include "services/gateway/api/access.h"

namespace confab::gateway {
namespace {

// Whether the host is this machine by a name that no DNS server answers for: a page of another site
// may have its own name lead here (DNS rebinding), and read what it gets.
bool IsOwnName(std::string_view host) {
  const bool is_bracketed = host.starts_with('[');
  const size_t end = is_bracketed ? host.find(']') : host.find(':');
  const std::string_view name = host.substr(0, end).substr(is_bracketed ? 1 : 0);
  return name == "localhost" || SocketAddress::Parse(name, 0).has_value();
}

bool IsLocal(const net::HttpRequest& request) {
  const auto host = request.headers.Find("Host");
  return request.peer.is_loopback() && (!host || IsOwnName(*host)) &&
         !request.headers.Find("X-Forwarded-For") && !request.headers.Find("Forwarded");
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
