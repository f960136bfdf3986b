#include "base/base64.h"

#include <array>

namespace confab {
namespace {

constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kPadding = '=';

// Of each octet the value that it stands for, or -1.
constexpr std::array<int8_t, 256> kValues = [] {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kBase64Alphabet.size(); ++i) {
    values[static_cast<uint8_t>(kBase64Alphabet[i])] = static_cast<int8_t>(i);
  }
  return values;
}();

// Up to three octets as four characters.
void AppendGroup(BytesView octets, std::string& text) {
  uint32_t bits = 0;
  for (size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < octets.size() ? octets[i] : 0u);
  for (size_t i = 0; i < 4; ++i) {
    text += i <= octets.size() ? kBase64Alphabet[bits >> (18 - 6 * i) & 0x3f] : kPadding;
  }
}

}  // namespace

std::string ToBase64(BytesView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (; bytes.size() > 3; bytes = bytes.subspan(3)) AppendGroup(bytes.first(3), text);
  if (!bytes.empty()) AppendGroup(bytes, text);
  return text;
}

std::optional<std::vector<uint8_t>> FromBase64(std::string_view text) {
  const size_t written = text.size();
  while (text.ends_with(kPadding) && written - text.size() < 2) text.remove_suffix(1);
  if (written % 4 != 0) return std::nullopt;
  std::vector<uint8_t> bytes;
  bytes.reserve(written / 4 * 3);
  uint32_t bits = 0;
  int count = 0;  // of bits that wait
  for (const char c : text) {
    const int8_t value = kValues[static_cast<uint8_t>(c)];
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<uint8_t>(bits >> count));
  }
  if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace confab
