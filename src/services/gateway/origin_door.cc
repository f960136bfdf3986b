#include "services/gateway/origin_door.h"

namespace confab::gateway {
namespace {

using net::HttpRequest, net::HttpResponse;
using Kind = Origins::Kind;

constexpr std::string_view kSocketIo = "/socket.io/";
constexpr std::string_view kApi = "/api/";
// How long a browser may remember what a preflight said.
constexpr const char* kPreflightSeconds = "600";

HttpResponse Preflight() {
  HttpResponse response;
  response.status = 204;
  response.headers = {
      {"Access-Control-Allow-Methods", "GET, POST, DELETE"},
      {"Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, traceparent"},
      {"Access-Control-Max-Age", kPreflightSeconds}};
  return response;
}

void LetRead(const HttpRequest& request, HttpResponse& response) {
  response.headers.Set("Access-Control-Allow-Origin", std::string(request.headers.Value("Origin")));
  response.headers.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id");
}

}  // namespace

std::optional<HttpResponse> OriginDoor::Refusal(const HttpRequest& request) const {
  if (!request.path.starts_with(kSocketIo)) return std::nullopt;
  if (origins_.Look(request) != Kind::kForeign) return std::nullopt;
  const Error error{ErrorCode::kForbidden,
                    "A page of another site may not connect here: its origin is not listed in "
                    "gateway.origins."};
  return net::ErrorResponse(error, request.id);
}

asio::awaitable<HttpResponse> OriginDoor::Handle(HttpRequest& request) {
  const bool is_shared = request.path.starts_with(kSocketIo) || request.path.starts_with(kApi);
  if (!is_shared) co_return co_await inside_.Handle(request);
  const bool is_listed = origins_.Look(request) == Kind::kListed;
  HttpResponse response;
  if (auto refusal = Refusal(request)) {
    response = std::move(*refusal);
  } else if (is_listed && request.method == "OPTIONS") {
    response = Preflight();
  } else {
    response = co_await inside_.Handle(request);
  }
  if (is_listed) LetRead(request, response);
  // Nobody in between may give the answer for one origin to another.
  if (origins_.has_listed()) response.headers.Add("Vary", "Origin");
  co_return response;
}

asio::awaitable<std::optional<HttpResponse>> OriginDoor::Upgrade(HttpRequest& request,
                                                                 net::Stream& stream) {
  if (auto refusal = Refusal(request)) co_return std::move(*refusal);
  co_return co_await inside_.Upgrade(request, stream);
}

}  // namespace confab::gateway
