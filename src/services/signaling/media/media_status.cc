#include "services/signaling/media/media_status.h"

#include "rpc/status.h"

namespace confab::signaling {
namespace {

constexpr std::string_view kWho = "the media service";

}  // namespace

Error ToError(const grpc::Status& status) {
  return rpc::ToError(status, kWho, ErrorCode::kMediaUnavailable);
}

Error ParseMediaError(std::string_view text) {
  return rpc::ToError({grpc::StatusCode::UNKNOWN, std::string(text)}, kWho,
                      ErrorCode::kMediaUnavailable);
}

}  // namespace confab::signaling
