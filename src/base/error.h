#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace confab {

// Every error code that leaves the program: in acknowledgements, HTTP bodies, gRPC details and
// logs. The text form (ToString) is part of the public contract; docs/error-codes.md lists cause
// and cure.
enum class ErrorCode : uint8_t {
  kInvalidMessage,       // a field is missing, of the wrong type or out of range
  kUnsupportedProtocol,  // no common version of the signaling protocol
  kUnauthorized,         // no token, or one that does not verify
  kForbidden,            // the token does not grant this
  kNotJoined,            // the event needs a joined participant
  kAlreadyJoined,        // this connection has joined already
  kRoomNotFound,
  kRoomFull,
  kParticipantNotFound,
  kTransportNotFound,
  kProducerNotFound,
  kConsumerNotFound,
  kRouterNotFound,
  kUnsupportedParameters,  // RTP parameters that the router cannot take
  kCannotConsume,          // the receiver's capabilities do not match the producer
  kInvalidState,           // right message, wrong moment: for example a second connect
  kDuplicateId,            // an id that is in use already
  kLimitExceeded,          // a named limit would be passed
  kRateLimited,            // try again after retry_after_ms
  kSessionExpired,         // nothing to resume: join anew
  kMediaUnavailable,       // no media service answers
  kMediaFull,              // this media instance takes no more; another one may
  kDraining,               // this media instance takes no new rooms; another one does
  kStaleEpoch,             // the room's media is at home elsewhere by now
  kPlacementUnavailable,   // no home for the room can be written down now
  kUnavailable,            // a part of the system does not answer
  kShuttingDown,
  kInvalidConfiguration,
  kNotFound,
  kInternal,
};

// The code as clients see it, for example "room_full".
std::string_view ToString(ErrorCode code);

// What went wrong, for a program (code) and for a person (message: one sentence that says what
// failed, why, and what to do).
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace confab
