#include "services/signaling/protocol/display_name.h"

#include <fmt/format.h>

#include <optional>

#include "services/signaling/protocol/unicode.h"

namespace confab::signaling {
namespace {

// Of any length.
Result<std::string> WithoutUnseen(std::string_view raw) {
  std::string name;
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
      space_waits = false;
    }
    name.append(bytes);
  }
  return name;
}

}  // namespace

Result<std::string> CleanName(std::string_view raw) {
  Result<std::string> name = WithoutUnseen(raw);
  if (name && LengthOf(*name) > kMaxNameLength) {
    return Fail(ErrorCode::kInvalidMessage,
                fmt::format("name must have at most {} characters", kMaxNameLength));
  }
  return name;
}

std::string ClippedName(std::string_view raw) {
  std::string name = WithoutUnseen(raw).value_or("");
  std::string_view rest = name;
  for (size_t length = 0; length < kMaxNameLength && !rest.empty(); ++length) {
    rest.remove_prefix(FirstCodePoint(rest)->size);
  }
  name.resize(name.size() - rest.size());
  if (name.ends_with(' ')) name.pop_back();
  return name;
}

}  // namespace confab::signaling
