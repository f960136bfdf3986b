#include "services/signaling/door/token_trouble.h"

namespace confab::signaling {

std::string_view ToString(TokenTrouble::Kind kind) {
  switch (kind) {
    case TokenTrouble::Kind::kNone: return "none";
    case TokenTrouble::Kind::kExpired: return "expired";
    case TokenTrouble::Kind::kNotYet: return "not_yet";
    case TokenTrouble::Kind::kUsed: return "used";
    case TokenTrouble::Kind::kRevoked: return "revoked";
    case TokenTrouble::Kind::kInvalid: return "invalid";
  }
  return "";
}

}  // namespace confab::signaling
