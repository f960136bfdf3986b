#include "base/id.h"

namespace confab {
namespace {

constexpr std::string_view kBase32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr size_t kTextSize = 26;  // ceil(128 / 5)

}  // namespace

std::string EncodeId(const std::array<uint8_t, 16>& bytes) {
  std::string text;
  text.reserve(kTextSize);
  uint32_t bits = 0;
  int count = 0;
  for (const uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    count += 8;
    while (count >= 5) {
      count -= 5;
      text.push_back(kBase32Alphabet[(bits >> count) & 31]);
    }
  }
  text.push_back(kBase32Alphabet[(bits << (5 - count)) & 31]);
  return text;
}

std::optional<std::array<uint8_t, 16>> DecodeId(std::string_view text) {
  if (text.size() != kTextSize) return std::nullopt;
  std::array<uint8_t, 16> bytes{};
  uint32_t bits = 0;
  int count = 0;
  size_t at = 0;
  for (const char c : text) {
    const size_t value = kBase32Alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 5 | static_cast<uint32_t>(value);
    count += 5;
    if (count >= 8 && at < bytes.size()) {
      count -= 8;
      bytes[at++] = static_cast<uint8_t>(bits >> count);
    }
  }
  // The two bits left over must be zero, so that an id has one spelling.
  if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace confab
