#pragma once

#include <cstdint>
#include <string>

namespace confab::auth {

// What is wrong with a join or resume token that was refused. For the log, never for whoever showed
// it. A value.
struct TokenFlaw {
  enum class Kind : uint8_t {
    kInvalid,  // of another kind, not signed by us, or with claims that do not count
    kExpired,
    kNotYet,   // by the clocks it counts later
    kRevoked,  // its participant was removed
  };
  Kind kind = Kind::kInvalid;
  // The one that it names, where the signature is good and allowed for that room; "" otherwise.
  std::string room;
};

}  // namespace confab::auth
