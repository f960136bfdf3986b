#include "services/signaling/placement/router_id.h"

#include "base/hashed_name.h"

namespace confab::signaling {

std::string RouterIdOf(std::string_view room_name) {
  return HashedName(room_name);
}

}  // namespace confab::signaling
