#include "services/signaling/placement/placement_status.h"

namespace confab::signaling {

std::string_view ToString(RoomLease::State state) {
  switch (state) {
    case RoomLease::State::kUnplaced: return "unplaced";
    case RoomLease::State::kClaiming: return "claiming";
    case RoomLease::State::kTaking: return "taking";
    case RoomLease::State::kHeld: return "held";
    case RoomLease::State::kFollowing: return "following";
  }
  return "unknown";
}

}  // namespace confab::signaling
