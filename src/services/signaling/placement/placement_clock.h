#pragma once

#include <chrono>

#include "base/units.h"

namespace confab::signaling {

// What the parts around a LeaseKeeper call now: a clock that never goes back.
inline Timestamp PlacementNow() {
  return Timestamp::Micros(std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::steady_clock::now().time_since_epoch())
                               .count());
}

}  // namespace confab::signaling
