#pragma once

#include <cstdint>
#include <string_view>

#include "app/token/token_command.h"
#include "auth/authority.h"

namespace confab::app {

// The token's header and claims for people, and whether it verifies here and why not (status 1).
TokenOutcome ShowToken(std::string_view token, auth::Authority& authority, int64_t now_s);

}  // namespace confab::app
