#pragma once

#include <optional>

#include "base/units.h"
#include "services/signaling/call/signaling_meter.h"
#include "services/signaling/door/token_trouble.h"

namespace confab::signaling {

// How one join went, for the log. A value in its coroutine, and in its session where it failed.
struct JoinCourse {
  StageTimes stages;
  TimeDelta took;            // from the message to the answer
  bool is_prepared = false;  // it used what `prepareJoin` had made
  // Where it failed because of the token.
  std::optional<TokenTrouble::Kind> trouble;
};

}  // namespace confab::signaling
