#include "services/signaling/media/media_status.h"

#include <fmt/format.h>

#include <optional>

#include "services/signaling/protocol/error_json.h"

namespace confab::signaling {
namespace {

std::optional<Error> Split(std::string_view text) {
  const size_t colon = text.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<ErrorCode> code = ParseErrorCode(text.substr(0, colon));
  if (!code) return std::nullopt;
  return Error{*code, std::string(text.substr(colon + 2))};
}

}  // namespace

Error ToError(const grpc::Status& status) {
  if (std::optional<Error> error = Split(status.error_message())) return std::move(*error);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
      return {ErrorCode::kMediaUnavailable,
              "the media service does not answer; try again in a moment"};
    default:
      return {ErrorCode::kInternal,
              fmt::format("the media service failed: {} (status {})", status.error_message(),
                          static_cast<int>(status.error_code()))};
  }
}

Error ParseMediaError(std::string_view text) {
  if (std::optional<Error> error = Split(text)) return std::move(*error);
  return {ErrorCode::kInternal, fmt::format("the media service failed: {}", text)};
}

}  // namespace confab::signaling
