#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace confab::signaling {

struct CodePoint {
  char32_t value = 0;
  size_t size = 0;  // bytes
};

// The first of a text that is not empty (RFC 3629 §3, §4); nothing for overlong forms, surrogates
// and whatever else is no UTF-8.
std::optional<CodePoint> FirstCodePoint(std::string_view text);
// In code points. The text is UTF-8.
size_t LengthOf(std::string_view text);
bool IsSpace(char32_t c);
// What people do not see, or what turns round the text beside it: control characters, bidirectional
// embeddings, overrides and isolates (UAX #9), invisible fillers, and what is no character.
// Right-to-left letters and marks, joiners and emoji are none of these.
bool IsUnseen(char32_t c);

}  // namespace confab::signaling
