#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::signaling {

// In code points, and in bytes: both after cleaning.
constexpr size_t kMaxTextLength = 4000;
constexpr size_t kMaxTextSize = 12'000;
// In bytes, before cleaning.
constexpr size_t kMaxRawTextSize = 64 * 1024;

// A message of the chat as others may see it: plain text, in lines. What people do not see
// (IsUnseen) is removed but for line feeds and tabs; CR LF and the like become a line feed; white
// space at both ends is cut off. Error kInvalidMessage: no UTF-8, empty, too long.
Result<std::string> CleanText(std::string_view raw);

}  // namespace confab::signaling
