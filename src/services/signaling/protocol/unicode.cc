#include "services/signaling/protocol/unicode.h"

#include <cstdint>

namespace confab::signaling {

std::optional<CodePoint> FirstCodePoint(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return std::nullopt;
  char32_t code_point = lead & (0x7fu >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    code_point = code_point << 6 | (byte(i) & 0x3fu);
  }
  constexpr char32_t kSmallestOfSize[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < kSmallestOfSize[size] || surrogate || code_point > 0x10ffff) return std::nullopt;
  return CodePoint{code_point, size};
}

size_t LengthOf(std::string_view text) {
  size_t length = 0;
  for (; !text.empty(); text.remove_prefix(FirstCodePoint(text)->size)) ++length;
  return length;
}

bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

bool IsUnseen(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f)                         // controls
         || (c >= 0x202a && c <= 0x202e)                              // LRE, RLE, PDF, LRO, RLO
         || (c >= 0x2066 && c <= 0x2069)                              // LRI, RLI, FSI, PDI
         || c == 0x200b || c == 0x2060 || c == 0xfeff || c == 0x00ad  // invisible
         || (c >= 0xfff9 && c <= 0xfffb)                              // annotation marks
         || (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);   // not characters
}

}  // namespace confab::signaling
