#include "rpc/status.h"

#include <fmt/format.h>

#include <optional>

#include "base/parse_error_code.h"

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
    case ErrorCode::kMediaFull:
    case ErrorCode::kLimitExceeded:
    case ErrorCode::kRateLimited: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kStaleEpoch: return grpc::StatusCode::ABORTED;
    case ErrorCode::kMediaUnavailable:
    case ErrorCode::kDraining:
    case ErrorCode::kPlacementUnavailable:
    case ErrorCode::kUnavailable:
    case ErrorCode::kShuttingDown: return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kInternal: return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

std::optional<Error> Split(std::string_view text) {
  const size_t colon = text.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<ErrorCode> code = ParseErrorCode(text.substr(0, colon));
  if (!code) return std::nullopt;
  return Error{*code, std::string(text.substr(colon + 2))};
}

}  // namespace

grpc::Status ToStatus(const Error& error) {
  return {StatusCodeOf(error.code), fmt::format("{}: {}", ToString(error.code), error.message)};
}

Error ToError(const grpc::Status& status, std::string_view who, ErrorCode away) {
  if (std::optional<Error> error = Split(status.error_message())) return std::move(*error);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
      return {away, fmt::format("{} does not answer; try again in a moment", who)};
    default:
      return {ErrorCode::kInternal,
              fmt::format("{} failed: {} (status {})", who, status.error_message(),
                          static_cast<int>(status.error_code()))};
  }
}

// gRPC has no code for it. The text is strerror's, as the resolver and the transport pass it on.
bool IsConnectionRefused(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         status.error_message().find("Connection refused") != std::string::npos;
}

}  // namespace confab::rpc
