#pragma once

#include <cstdint>
#include <string_view>

#include "auth/authority.h"
#include "base/error.h"
#include "net/http_message.h"

namespace confab::logs {

// The scope that an API token needs to read the logs.
inline constexpr std::string_view kLogsScope = "logs";

// Who may read the logs: whoever shows an API token for all rooms with that scope. A value; lives
// on the service's thread.
class LogsDoor {
 public:
  // Must outlive it.
  explicit LogsDoor(auth::Authority& authority) : authority_(&authority) {}

  // The token's claims. Error: kUnauthorized (none, or one that does not verify), kForbidden
  // (another scope, one room alone), kUnavailable (nobody knows whether its API key is still good).
  Result<auth::ApiClaims> Admit(std::string_view token, int64_t now_s) const;
  // The same by "Authorization: Bearer TOKEN" (RFC 6750 §2.1).
  Result<auth::ApiClaims> Admit(const net::HttpRequest& request, int64_t now_s) const;

 private:
  auth::Authority* authority_;
};

// The answer to a request that Admit refused.
net::HttpResponse RefuseLogs(const Error& error, const net::HttpRequest& request);

}  // namespace confab::logs
