#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "auth/claims.h"
#include "base/error.h"
#include "net/http_message.h"
#include "services/gateway/api/api_route.h"

namespace confab::gateway {

// What the routes read out of paths, queries and bodies. The error of each is kInvalidMessage, with
// a sentence for whoever made the request.

// Of invitations; the first is what somebody without a token gets.
inline constexpr std::array<std::string_view, 3> kRoles{"guest", "member", "moderator"};

Result<std::string> RoomOf(const ApiCall& call);

// "limit", 1 to 1000; 100 where it is not given.
Result<uint32_t> PageSize(const net::HttpRequest& request);

// "at", a UTC time; "" where it is not given. The log viewer reads it: here it only must be nothing
// that changes the address of the question.
Result<std::string> TimeOf(const net::HttpRequest& request);

// Which producers to mute: a source, or nullopt for all of them.
Result<std::optional<std::string>> SourceOf(const json::object& body);

struct TokenRequest {
  auth::JoinClaims claims;
  std::optional<int64_t> lifetime_s;  // 10 to 86400
};

Result<TokenRequest> ParseTokenRequest(const json::object& body);

}  // namespace confab::gateway
