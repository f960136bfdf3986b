#include "services/logs/logs_door.h"

#include "base/hashed_name.h"
#include "services/logs/small_letter.h"

namespace confab::logs {
namespace {

constexpr std::string_view kBearer = "bearer ";

// "" where there is none.
std::string_view BearerToken(const net::HttpRequest& request) {
  std::string_view field = request.headers.Value("Authorization");
  if (field.size() < kBearer.size()) return {};
  for (size_t i = 0; i < kBearer.size(); ++i) {
    if (SmallLetter(field[i]) != kBearer[i]) return {};
  }
  field.remove_prefix(kBearer.size());
  return field;
}

}  // namespace

Result<auth::ApiClaims> LogsDoor::Verify(std::string_view token, int64_t now_s) const {
  if (token.empty()) {
    return Fail(ErrorCode::kUnauthorized,
                "The logs need an API token with the scope logs: open the link that confab prints "
                "at its start, or make one with \"confab token api --scope logs\".");
  }
  auto claims = authority_->VerifyApi(token, now_s);
  if (!claims) return claims;
  if (!claims->Allows(kLogsScope)) {
    return Fail(ErrorCode::kForbidden, "This token does not have the scope logs.");
  }
  return claims;
}

Result<auth::ApiClaims> LogsDoor::Admit(std::string_view token, int64_t now_s) const {
  auto claims = Verify(token, now_s);
  if (claims && !claims->room.empty()) {
    return Fail(ErrorCode::kForbidden,
                "This token is for one room, and the logs are about all of them.");
  }
  return claims;
}

Result<auth::ApiClaims> LogsDoor::Admit(const net::HttpRequest& request, int64_t now_s) const {
  return Admit(BearerToken(request), now_s);
}

Result<auth::ApiClaims> LogsDoor::AdmitToRoom(const net::HttpRequest& request,
                                              std::string_view room, int64_t now_s) const {
  auto claims = Verify(BearerToken(request), now_s);
  if (!claims || claims->room.empty()) return claims;
  if (room == claims->room || room == HashedName(claims->room)) return claims;
  return Fail(ErrorCode::kForbidden, "This token is for another room.");
}

net::HttpResponse RefuseLogs(const Error& error, const net::HttpRequest& request) {
  net::HttpResponse response = net::ErrorResponse(error, request.id);
  if (error.code == ErrorCode::kUnauthorized) response.headers.Set("WWW-Authenticate", "Bearer");
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

}  // namespace confab::logs
