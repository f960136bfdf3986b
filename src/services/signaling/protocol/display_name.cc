#include "services/signaling/protocol/display_name.h"

#include <fmt/format.h>

#include <optional>

#include "services/signaling/protocol/unicode.h"

namespace confab::signaling {

Result<std::string> CleanName(std::string_view raw) {
  std::string name;
  size_t length = 0;
  bool space_waits = false;
  while (!raw.empty()) {
    const std::optional<CodePoint> next = FirstCodePoint(raw);
    if (!next) return Fail(ErrorCode::kInvalidMessage, "name must be valid UTF-8");
    const std::string_view bytes = raw.substr(0, next->size);
    raw.remove_prefix(next->size);
    if (IsSpace(next->value)) {
      space_waits = !name.empty();
      continue;
    }
    if (IsUnseen(next->value)) continue;
    if (space_waits) {
      name.push_back(' ');
      ++length;
      space_waits = false;
    }
    name.append(bytes);
    ++length;
  }
  if (length > kMaxNameLength) {
    return Fail(ErrorCode::kInvalidMessage,
                fmt::format("name must have at most {} characters", kMaxNameLength));
  }
  return name;
}

}  // namespace confab::signaling
