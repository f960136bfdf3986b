#pragma once

#include <string_view>

#include "base/error.h"

namespace confab::signaling {

// As sentences name it.
constexpr std::string_view kMediaService = "the media service";

// A single refusal inside a response, in our codes: "code: sentence". Without a known code it is
// kInternal.
Error ParseMediaError(std::string_view text);

}  // namespace confab::signaling
