#pragma once

#include <vector>

#include "app/config/config.h"
#include "app/config/config_value.h"
#include "auth/openid.h"

namespace confab::app {

// Whether people sign in at an OpenID Connect issuer (auth.openid.issuer).
bool UsesOpenId(const Config::Auth::OpenId& config);

// What auth.openid.* says of who may do what. Entries that cannot be used are left out of `rules`;
// a problem names each, and what is missing.
struct OpenIdReading {
  auth::OpenIdRules rules;
  std::vector<ConfigProblem> problems;
};
OpenIdReading ReadOpenIdRules(const Config::Auth::OpenId& config);

}  // namespace confab::app
