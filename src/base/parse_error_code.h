#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace confab {

// The code of the text form that ToString gives; nothing for an unknown one.
std::optional<ErrorCode> ParseErrorCode(std::string_view text);

}  // namespace confab
