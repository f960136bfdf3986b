#include "services/signaling/media/media_status.h"

#include <string>

#include "rpc/status.h"

namespace confab::signaling {

Error ParseMediaError(std::string_view text) {
  return rpc::ToError({grpc::StatusCode::UNKNOWN, std::string(text)}, kMediaService,
                      ErrorCode::kMediaUnavailable);
}

}  // namespace confab::signaling
