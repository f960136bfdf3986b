#pragma once

#include <string>
#include <string_view>

#include "auth/authority.h"
#include "auth/openid_issuer.h"
#include "base/error.h"
#include "net/http_message.h"
#include "services/gateway/api/api_route.h"
#include "services/gateway/origins.h"

namespace confab::gateway {

// Who may do what at the REST interface: reads the request's bearer token (RFC 6750 §2.1; never the
// query, which ends up in logs) and compares it with what the route asks for. A token that names
// the OpenID Connect issuer is verified by its keys, every other by the authority's. Lives on the
// service's thread; authority and issuer must outlive it.
class Access {
 public:
  enum class Guests : uint8_t { kRefused, kWelcome };

  struct Issuers {
    auth::Authority& authority;
    auth::OpenIdIssuer* openid = nullptr;  // nullptr: nobody signs in
  };

  Access(Issuers issuers, Guests guests, Origins origins)
      : issuers_(issuers), guests_(guests), origins_(std::move(origins)) {}

  // Waits where the OpenID issuer's keys have to be fetched; the request must live until then.
  // Error: kUnauthorized (no token, or one that does not verify), kForbidden (it does not allow
  // this, or another room alone; a page of another site asks), kUnavailable (the issuer's keys were
  // never fetched and cannot be now).
  asio::awaitable<Result<Principal>> Admit(const net::HttpRequest& request, Scope scope,
                                           int64_t now_s) const;

 private:
  asio::awaitable<Result<Principal>> AdmitToken(std::string_view token, Scope scope,
                                                int64_t now_s) const;
  asio::awaitable<Result<Principal>> AdmitPerson(std::string token, Scope scope,
                                                 int64_t now_s) const;
  Result<Principal> AdmitGuest(const net::HttpRequest& request) const;
  Result<Principal> AdmitJoined(std::string_view token, int64_t now_s) const;
  Result<Principal> AdmitKey(std::string_view token, Scope scope, int64_t now_s) const;

  Issuers issuers_;
  Guests guests_;
  Origins origins_;
};

// The token of "Authorization: Bearer …"; "" where there is none.
std::string_view BearerToken(const net::HttpRequest& request);

}  // namespace confab::gateway
