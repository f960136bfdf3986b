#include "base/parse_error_code.h"

namespace confab {

std::optional<ErrorCode> ParseErrorCode(std::string_view text) {
  // kInternal is the last enumerator.
  for (uint8_t i = 0; i <= static_cast<uint8_t>(ErrorCode::kInternal); ++i) {
    const ErrorCode code = static_cast<ErrorCode>(i);
    if (ToString(code) == text) return code;
  }
  return std::nullopt;
}

}  // namespace confab
