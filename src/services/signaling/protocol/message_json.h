#pragma once

#include "confab/signaling/v1/shared.pb.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// Who reads it.
enum class Reader : uint8_t { kAuthor, kOther };

// The protocol's `Message`.
json::object ToJson(const v1::SharedMessage& message, Reader reader);

}  // namespace confab::signaling
