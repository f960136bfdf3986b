#include "base/error.h"

#include "base/check.h"

namespace confab {

std::string_view ToString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidMessage: return "invalid_message";
    case ErrorCode::kUnsupportedProtocol: return "unsupported_protocol";
    case ErrorCode::kUnauthorized: return "unauthorized";
    case ErrorCode::kForbidden: return "forbidden";
    case ErrorCode::kNotJoined: return "not_joined";
    case ErrorCode::kAlreadyJoined: return "already_joined";
    case ErrorCode::kRoomNotFound: return "room_not_found";
    case ErrorCode::kRoomFull: return "room_full";
    case ErrorCode::kParticipantNotFound: return "participant_not_found";
    case ErrorCode::kTransportNotFound: return "transport_not_found";
    case ErrorCode::kProducerNotFound: return "producer_not_found";
    case ErrorCode::kConsumerNotFound: return "consumer_not_found";
    case ErrorCode::kRouterNotFound: return "router_not_found";
    case ErrorCode::kUnsupportedParameters: return "unsupported_parameters";
    case ErrorCode::kCannotConsume: return "cannot_consume";
    case ErrorCode::kInvalidState: return "invalid_state";
    case ErrorCode::kDuplicateId: return "duplicate_id";
    case ErrorCode::kLimitExceeded: return "limit_exceeded";
    case ErrorCode::kRateLimited: return "rate_limited";
    case ErrorCode::kSessionExpired: return "session_expired";
    case ErrorCode::kMediaUnavailable: return "media_unavailable";
    case ErrorCode::kMediaFull: return "media_full";
    case ErrorCode::kDraining: return "draining";
    case ErrorCode::kStaleEpoch: return "stale_epoch";
    case ErrorCode::kPlacementUnavailable: return "placement_unavailable";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kShuttingDown: return "shutting_down";
    case ErrorCode::kInvalidConfiguration: return "invalid_configuration";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kInternal: return "internal";
  }
  CheckFailed(__FILE__, __LINE__, "ErrorCode is one of its enumerators");
}

}  // namespace confab
