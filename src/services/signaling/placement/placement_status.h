#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/units.h"
#include "services/signaling/placement/room_lease.h"

namespace confab::signaling {

// For the metrics.
struct PlacementStatus {
  std::array<size_t, RoomLease::kStates> rooms{};  // by RoomLease::State
  uint64_t claims_granted = 0;
  uint64_t claims_refused = 0;  // another signaling instance was first
  uint64_t takes_refused = 0;   // by media that is full or drains
  uint64_t moves = 0;           // rooms that went to another media instance
  uint64_t waits_refused = 0;   // whoever waited for a home and heard why there is none
  uint64_t store_faults = 0;
  TimeDelta store_lag;
};

// For the log. Views live during the call.
struct PlacementNews {
  enum class Kind : uint8_t {
    kPlaced,    // it has its first home, as far as this instance knows
    kMoved,     // it is at another media instance now
    kHomeless,  // it has none for the moment
  };
  Kind kind = Kind::kPlaced;
  std::string_view room;
  std::string_view media_instance;  // "" where it has none
  std::string_view from;            // of kMoved: the one before
  int64_t epoch = 0;
  std::string_view reason;  // of kHomeless
};

// "unplaced", "claiming", …: for metrics.
std::string_view ToString(RoomLease::State state);

}  // namespace confab::signaling
