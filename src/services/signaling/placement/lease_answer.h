#pragma once

#include <cstdint>

#include "confab/media/v1/media.pb.h"
#include "services/signaling/placement/placement_calls.h"

namespace confab::signaling {

// What media's answer about one lease means for the room. `epoch`: the one that was asked for.
LeaseAnswer LeaseAnswerOf(const media::v1::LeaseResponse::Result& result, int64_t epoch);

// What a LOOK says of an epoch that somebody is said to hold.
enum class LeaseSight : uint8_t {
  kAlive,
  kOver,     // it has ended there, or a newer one is known, and it does not come back
  kUnknown,  // it was not taken yet; perhaps it never will be
};
LeaseSight LeaseSightOf(const media::v1::LeaseResponse::Result& result, int64_t epoch);

}  // namespace confab::signaling
