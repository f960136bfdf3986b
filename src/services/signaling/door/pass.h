#pragma once

#include <optional>
#include <string>

#include "auth/claims.h"
#include "services/signaling/room/ids.h"

namespace confab::signaling {

// What a connection may do, by the token that it showed: enter one room, or come back to it. A
// value. A connection without a pass reaches no event.
struct Pass {
  std::string room;                          // the only one that it may touch
  std::optional<auth::JoinClaims> join;      // may enter, once
  std::optional<ParticipantId> participant;  // may come back as this one
};

}  // namespace confab::signaling
