#include "services/gateway/api/access.h"

#include <fmt/format.h>

namespace confab::gateway {
namespace {

constexpr std::string_view kBearer = "bearer ";

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view BearerToken(const net::HttpRequest& request) {
  std::string_view field = request.headers.Value("Authorization");
  if (field.size() < kBearer.size()) return {};
  for (size_t i = 0; i < kBearer.size(); ++i) {
    if (Lower(field[i]) != kBearer[i]) return {};
  }
  field.remove_prefix(kBearer.size());
  return field;
}

Result<Principal> Access::Admit(const net::HttpRequest& request, Scope scope, int64_t now_s) const {
  if (scope == Scope::kOpen) return Principal{};
  if (scope == Scope::kGuest) return AdmitGuest(request);
  const std::string_view token = BearerToken(request);
  if (token.empty()) {
    return Fail(ErrorCode::kUnauthorized,
                "This needs a token: send it as \"Authorization: Bearer TOKEN\".");
  }
  auto principal =
      scope == Scope::kJoined ? AdmitJoined(token, now_s) : AdmitKey(token, scope, now_s);
  if (!principal) return principal;
  const std::string_view room = request.Param("room");
  if (!principal->room.empty() && principal->room != room && !room.empty()) {
    return Fail(ErrorCode::kForbidden, "This token is for another room.");
  }
  if (!principal->room.empty() && room.empty() && scope != Scope::kJoined) {
    return Fail(ErrorCode::kForbidden,
                "This token is for one room, and this is about all of them.");
  }
  return principal;
}

Result<Principal> Access::AdmitGuest(const net::HttpRequest& request) const {
  if (guests_ == Guests::kRefused) {
    return Fail(ErrorCode::kForbidden,
                "This server takes no guests; ask the host for an invitation.");
  }
  if (origins_.Look(request) == Origins::Kind::kForeign) {
    return Fail(ErrorCode::kForbidden, "A page of another site may not ask for this.");
  }
  return Principal{};
}

Result<Principal> Access::AdmitJoined(std::string_view token, int64_t now_s) const {
  const auto join = authority_.VerifyJoin(token, now_s);
  if (join) return Principal{join->token_id, join->token_id, join->room};
  const auto resume = authority_.VerifyResume(token, now_s);
  if (resume) return Principal{resume->participant, resume->participant, resume->room};
  return std::unexpected(join.error());
}

Result<Principal> Access::AdmitKey(std::string_view token, Scope scope, int64_t now_s) const {
  auto claims = authority_.VerifyApi(token, now_s);
  if (!claims) return std::unexpected(claims.error());
  if (!claims->Allows(ToString(scope))) {
    return Fail(ErrorCode::kForbidden,
                fmt::format("This token does not have the scope {}.", ToString(scope)));
  }
  return Principal{claims->subject, "", claims->room};
}

}  // namespace confab::gateway
