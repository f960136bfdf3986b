#pragma once

#include <grpcpp/support/status.h>

#include "base/error.h"

namespace confab::signaling {

// What the media service answered, in our codes. Its messages are "code: sentence"; without a known
// code the kind of the status decides. `status` is not OK.
Error ToError(const grpc::Status& status);
// The same for a single refusal inside a response.
Error ParseMediaError(std::string_view text);

}  // namespace confab::signaling
