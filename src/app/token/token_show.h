#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "app/token/token_command.h"
#include "auth/authority.h"

namespace confab::app {

// A token from the first line of a text. Of one that is longer than a token can be, so much that it
// is refused.
std::string ReadToken(std::istream& input);

// The token's header and claims for people, and whether it verifies here and why not (status 1).
TokenOutcome ShowToken(std::string_view token, auth::Authority& authority, int64_t now_s);

}  // namespace confab::app
