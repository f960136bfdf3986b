#include "services/signaling/placement/lease_answer.h"

#include "services/signaling/media/media_status.h"

namespace confab::signaling {

LeaseAnswer LeaseAnswerOf(const media::v1::LeaseResponse::Result& result, int64_t epoch) {
  if (result.valid_ms() > 0) return LeaseAnswer::kGranted;
  const ErrorCode code = ParseMediaError(result.error()).code;
  // Nothing was looked at: the epochs say nothing either.
  if (code == ErrorCode::kRateLimited) return LeaseAnswer::kSilent;
  if (code == ErrorCode::kNotFound) return LeaseAnswer::kReplaced;
  if (result.known_epoch() > epoch) return LeaseAnswer::kNewer;
  if (result.held_epoch() > 0 && result.held_epoch() < epoch) return LeaseAnswer::kOlder;
  const bool has_no_place = code == ErrorCode::kMediaFull || code == ErrorCode::kDraining ||
                            code == ErrorCode::kLimitExceeded;
  return has_no_place ? LeaseAnswer::kNoPlace : LeaseAnswer::kOver;
}

LeaseSight LeaseSightOf(const media::v1::LeaseResponse::Result& result, int64_t epoch) {
  if (!result.error().empty()) return LeaseSight::kUnknown;
  if (result.held_epoch() == epoch) return LeaseSight::kAlive;
  return result.known_epoch() >= epoch ? LeaseSight::kOver : LeaseSight::kUnknown;
}

}  // namespace confab::signaling
