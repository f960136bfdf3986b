#include "services/gateway/api/access.h"

#include <fmt/format.h>

#include <algorithm>

namespace confab::gateway {
namespace {

constexpr std::string_view kBearer = "bearer ";

// Whether a token that may be for one room alone is for what this request is about.
Result<void> CheckRoom(const Principal& principal, std::string_view room, Scope scope) {
  if (principal.room.empty()) return {};
  if (!room.empty() && principal.room != room) {
    return Fail(ErrorCode::kForbidden, "This token is for another room.");
  }
  if (room.empty() && scope != Scope::kJoined) {
    return Fail(ErrorCode::kForbidden,
                "This token is for one room, and this is about all of them.");
  }
  return {};
}

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

asio::awaitable<Result<Principal>> Access::Admit(const net::HttpRequest& request, Scope scope,
                                                 int64_t now_s) const {
  if (scope == Scope::kOpen) co_return Principal{};
  if (scope == Scope::kGuest) co_return AdmitGuest(request);
  const std::string_view token = BearerToken(request);
  if (token.empty()) {
    co_return Fail(ErrorCode::kUnauthorized,
                   "This needs a token: send it as \"Authorization: Bearer TOKEN\".");
  }
  auto principal = co_await AdmitToken(token, scope, now_s);
  if (!principal) co_return principal;
  const auto fits = CheckRoom(*principal, request.Param("room"), scope);
  if (!fits) co_return std::unexpected(fits.error());
  co_return principal;
}

asio::awaitable<Result<Principal>> Access::AdmitToken(std::string_view token, Scope scope,
                                                      int64_t now_s) const {
  if (scope == Scope::kJoined) co_return AdmitJoined(token, now_s);
  if (issuers_.openid != nullptr && issuers_.openid->IsNamedIn(token)) {
    std::string shown(token);
    co_return co_await AdmitPerson(std::move(shown), scope, now_s);
  }
  if (scope != Scope::kSignedIn) co_return AdmitKey(token, scope, now_s);
  if (issuers_.openid == nullptr) {
    co_return Fail(ErrorCode::kForbidden,
                   "Nobody signs in at this server: its operator has not set auth.openid.");
  }
  co_return Fail(ErrorCode::kUnauthorized,
                 "The token is of another issuer than this server trusts: sign in again.");
}

asio::awaitable<Result<Principal>> Access::AdmitPerson(std::string token, Scope scope,
                                                       int64_t now_s) const {
  auto person = co_await issuers_.openid->Verify(std::move(token), now_s);
  if (!person) co_return std::unexpected(person.error());
  const bool may = scope == Scope::kSignedIn ||
                   std::ranges::find(person->scopes, ToString(scope)) != person->scopes.end();
  if (!may) {
    co_return Fail(ErrorCode::kForbidden,
                   fmt::format("Your role does not have the scope {}.", ToString(scope)));
  }
  Principal principal;
  // No id of an API key looks like this: nobody shares a key's rate and answers by their "sub".
  principal.id = fmt::format("person {}", person->identity);
  principal.person = std::move(*person);
  co_return principal;
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
  const auto join = issuers_.authority.VerifyJoin(token, now_s);
  if (join) return Principal{join->token_id, join->token_id, join->room};
  const auto resume = issuers_.authority.VerifyResume(token, now_s);
  if (resume) return Principal{resume->participant, resume->participant, resume->room};
  if (resume.error().code == ErrorCode::kUnavailable) return std::unexpected(resume.error());
  return std::unexpected(join.error());
}

Result<Principal> Access::AdmitKey(std::string_view token, Scope scope, int64_t now_s) const {
  auto claims = issuers_.authority.VerifyApi(token, now_s);
  if (!claims) return std::unexpected(claims.error());
  if (!claims->Allows(ToString(scope))) {
    return Fail(ErrorCode::kForbidden,
                fmt::format("This token does not have the scope {}.", ToString(scope)));
  }
  return Principal{claims->subject, "", claims->room};
}

}  // namespace confab::gateway
