#include "rpc/status.h"

#include <fmt/format.h>

namespace confab::rpc {
namespace {

grpc::StatusCode StatusCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidMessage:
    case ErrorCode::kUnsupportedParameters:
    case ErrorCode::kUnsupportedProtocol:
    case ErrorCode::kInvalidConfiguration: return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kUnauthorized:
    case ErrorCode::kSessionExpired: return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorCode::kForbidden: return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::kRoomNotFound:
    case ErrorCode::kParticipantNotFound:
    case ErrorCode::kTransportNotFound:
    case ErrorCode::kProducerNotFound:
    case ErrorCode::kConsumerNotFound:
    case ErrorCode::kRouterNotFound:
    case ErrorCode::kNotFound: return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kDuplicateId:
    case ErrorCode::kAlreadyJoined: return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::kNotJoined:
    case ErrorCode::kCannotConsume:
    case ErrorCode::kInvalidState: return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kRoomFull:
    case ErrorCode::kLimitExceeded:
    case ErrorCode::kRateLimited: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kMediaUnavailable:
    case ErrorCode::kUnavailable:
    case ErrorCode::kShuttingDown: return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kInternal: return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

}  // namespace

grpc::Status ToStatus(const Error& error) {
  return {StatusCodeOf(error.code), fmt::format("{}: {}", ToString(error.code), error.message)};
}

}  // namespace confab::rpc
