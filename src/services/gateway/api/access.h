#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "auth/authority.h"
#include "base/error.h"
#include "net/http_message.h"
#include "services/gateway/api/api_route.h"
#include "services/gateway/origins.h"

namespace confab::gateway {

// Who may do what at the REST interface: reads the request's bearer token (RFC 6750 §2.1; never the
// query, which ends up in logs) and compares it with what the route asks for. Lives on the
// service's thread; the authority must outlive it.
class Access {
 public:
  enum class Guests : uint8_t { kRefused, kWelcome };

  Access(auth::Authority& authority, Guests guests, Origins origins)
      : authority_(authority), guests_(guests), origins_(std::move(origins)) {}

  // Error: kUnauthorized (no token, or one that does not verify), kForbidden (it does not allow
  // this, or another room alone; a page of another site asks).
  Result<Principal> Admit(const net::HttpRequest& request, Scope scope, int64_t now_s) const;

 private:
  Result<Principal> AdmitGuest(const net::HttpRequest& request) const;
  Result<Principal> AdmitJoined(std::string_view token, int64_t now_s) const;
  Result<Principal> AdmitKey(std::string_view token, Scope scope, int64_t now_s) const;

  auth::Authority& authority_;
  Guests guests_;
  Origins origins_;
};

// The token of "Authorization: Bearer …"; "" where there is none.
std::string_view BearerToken(const net::HttpRequest& request);

}  // namespace confab::gateway
