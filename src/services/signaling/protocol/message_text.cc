#include "services/signaling/protocol/message_text.h"

#include <fmt/format.h>

#include "services/signaling/protocol/unicode.h"

namespace confab::signaling {
namespace {

// LINE SEPARATOR, PARAGRAPH SEPARATOR, NEXT LINE, VT and FF end a line as LF and CR do (UAX #14).
bool EndsLine(char32_t c) {
  return (c >= 0x0a && c <= 0x0d) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

// White space, ends of lines included, at both ends of what is clean already.
std::string Trim(std::string text) {
  size_t begin = 0;
  size_t end = 0;
  bool has_begun = false;
  for (size_t at = 0; at < text.size();) {
    const CodePoint next = *FirstCodePoint(std::string_view(text).substr(at));
    const bool is_space = IsSpace(next.value);
    if (!is_space && !has_begun) begin = at;
    has_begun |= !is_space;
    at += next.size;
    if (!is_space) end = at;
  }
  return has_begun ? text.substr(begin, end - begin) : std::string();
}

}  // namespace

Result<std::string> CleanText(std::string_view raw) {
  std::string text;
  bool after_return = false;
  while (!raw.empty()) {
    const auto next = FirstCodePoint(raw);
    if (!next) return Fail(ErrorCode::kInvalidMessage, "text must be valid UTF-8");
    const std::string_view bytes = raw.substr(0, next->size);
    raw.remove_prefix(next->size);
    const char32_t c = next->value;
    if (EndsLine(c)) {
      if (c != U'\n' || !after_return) text.push_back('\n');
    } else if (c == U'\t' || !IsUnseen(c)) {
      text.append(bytes);
    }
    after_return = c == U'\r';
  }
  text = Trim(std::move(text));
  if (text.empty()) {
    return Fail(ErrorCode::kInvalidMessage, "text must have at least one character to be seen");
  }
  if (text.size() > kMaxTextSize || LengthOf(text) > kMaxTextLength) {
    return Fail(ErrorCode::kInvalidMessage,
                fmt::format("text must have at most {} characters", kMaxTextLength));
  }
  return text;
}

}  // namespace confab::signaling
