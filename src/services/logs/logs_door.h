#pragma once

#include <cstdint>
#include <string_view>

#include "auth/authority.h"
#include "base/error.h"
#include "net/http_message.h"

namespace confab::logs {

// The scope that an API token needs to read the logs.
inline constexpr std::string_view kLogsScope = "logs";

// Who may read the logs: whoever shows an API token for all rooms with that scope; what is told of
// one room also with a token for that room. A value; lives on the service's thread.
class LogsDoor {
 public:
  // Must outlive it.
  explicit LogsDoor(auth::Authority& authority) : authority_(&authority) {}

  // The token's claims. Error: kUnauthorized (none, or one that does not verify), kForbidden
  // (another scope, one room alone), kUnavailable (nobody knows whether its API key is still good).
  Result<auth::ApiClaims> Admit(std::string_view token, int64_t now_s) const;
  // The same by "Authorization: Bearer TOKEN" (RFC 6750 §2.1).
  Result<auth::ApiClaims> Admit(const net::HttpRequest& request, int64_t now_s) const;
  // To what is told of one room, by its name or by what lines have in its place: a token for that
  // room alone opens it too.
  Result<auth::ApiClaims> AdmitToRoom(const net::HttpRequest& request, std::string_view room,
                                      int64_t now_s) const;

 private:
  // Whatever room it is for.
  Result<auth::ApiClaims> Verify(std::string_view token, int64_t now_s) const;

  auth::Authority* authority_;
};

// The answer to a request that Admit refused.
net::HttpResponse RefuseLogs(const Error& error, const net::HttpRequest& request);

}  // namespace confab::logs
