#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace confab::signaling {

// Why a token did not let in whoever showed it, for the log. A value.
struct TokenTrouble {
  enum class Kind : uint8_t {
    kNone,  // there was no token
    kExpired,
    kNotYet,
    kUsed,     // it let somebody in before, or what it was for has ended
    kRevoked,  // its participant was removed
    kInvalid,
  };
  Kind kind = Kind::kInvalid;
  std::string room;  // the name, where the token is one of ours and has one; "" otherwise
};

// "none", "expired", "not_yet", "used", "revoked", "invalid".
std::string_view ToString(TokenTrouble::Kind kind);

}  // namespace confab::signaling
