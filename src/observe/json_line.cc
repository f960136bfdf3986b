#include "observe/json_line.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace confab::observe {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

uint8_t ByteAt(std::string_view text, size_t i) {
  return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0};
}

bool IsContinuation(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

// The length of the well-formed UTF-8 sequence at `i` (RFC 3629 §4), or 0.
size_t SequenceLength(std::string_view text, size_t i) {
  const uint8_t first = ByteAt(text, i), second = ByteAt(text, i + 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !IsContinuation(second)) return 0;
  if (first < 0xE0) return 2;
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogate
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // beyond U+10FFFF
  if (!IsContinuation(ByteAt(text, i + 2))) return 0;
  if (first < 0xF0) return 3;
  return IsContinuation(ByteAt(text, i + 3)) ? 4 : 0;
}

void AppendAscii(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F) {
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  } else {
    out += c;
  }
}

// Writes the character at `i` and returns how many octets of `text` it takes.
size_t AppendCharacter(std::string& out, std::string_view text, size_t i) {
  const size_t length = SequenceLength(text, i);
  if (length == 1) {
    AppendAscii(out, text[i]);
  } else if (length == 0) {
    out += kReplacement;
  } else {
    out += text.substr(i, length);
  }
  return length == 0 ? 1 : length;
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (size_t i = 0; i < text.size();) i += AppendCharacter(out, text, i);
  out += '"';
}

std::string_view FitJsonString(std::string_view text, size_t max_octets) {
  constexpr size_t kLongestEscape = 6;
  if (text.size() <= max_octets / kLongestEscape) return text;
  std::string written;
  for (size_t i = 0; i < text.size();) {
    const size_t length = AppendCharacter(written, text, i);
    if (written.size() > max_octets) return text.substr(0, i);
    i += length;
  }
  return text;
}

void JsonLine::Key(std::string_view key) {
  text_ += text_.empty() ? '{' : ',';
  AppendJsonString(text_, key);
  text_ += ':';
}

void JsonLine::Add(std::string_view key, std::string_view value) {
  Key(key);
  AppendJsonString(text_, value);
}

void JsonLine::Add(std::string_view key, int64_t value) {
  Key(key);
  text_ += std::to_string(value);
}

void JsonLine::Add(std::string_view key, uint64_t value) {
  Key(key);
  text_ += std::to_string(value);
}

void JsonLine::Add(std::string_view key, double value) {
  Key(key);
  text_ += std::isfinite(value) ? fmt::format("{}", value) : "null";
}

void JsonLine::AddBool(std::string_view key, bool value) {
  Key(key);
  text_ += value ? "true" : "false";
}

std::string JsonLine::Finish() {
  if (text_.empty()) text_ = "{";
  text_ += '}';
  return std::exchange(text_, {});
}

}  // namespace confab::observe
