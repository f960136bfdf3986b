#include "backends/store/text_rules.h"

#include <fmt/format.h>

#include <optional>

namespace confab::store {
namespace {

// What the first octet of a character says about the rest (RFC 3629 §4).
struct Sequence {
  size_t following = 0;
  // Of the octet after the first: the others are 0x80 to 0xBF.
  uint8_t least = 0x80;
  uint8_t most = 0xBF;
};

std::optional<Sequence> SequenceOf(uint8_t first) {
  if (first >= 0x01 && first <= 0x7F) return Sequence{};
  if (first >= 0xC2 && first <= 0xDF) return Sequence{.following = 1};
  if (first == 0xE0) return Sequence{.following = 2, .least = 0xA0};
  if (first == 0xED) return Sequence{.following = 2, .most = 0x9F};
  if (first >= 0xE1 && first <= 0xEF) return Sequence{.following = 2};
  if (first == 0xF0) return Sequence{.following = 3, .least = 0x90};
  if (first >= 0xF1 && first <= 0xF3) return Sequence{.following = 3};
  if (first == 0xF4) return Sequence{.following = 3, .most = 0x8F};
  return std::nullopt;
}

// How long the character at the begin of a text is; 0 where it is none.
size_t CharacterSize(std::string_view text) {
  const auto sequence = SequenceOf(static_cast<uint8_t>(text[0]));
  if (!sequence || text.size() <= sequence->following) return 0;
  uint8_t least = sequence->least;
  uint8_t most = sequence->most;
  for (size_t i = 1; i <= sequence->following; ++i) {
    const auto octet = static_cast<uint8_t>(text[i]);
    if (octet < least || octet > most) return 0;
    least = 0x80;
    most = 0xBF;
  }
  return sequence->following + 1;
}

}  // namespace

bool IsStorableText(std::string_view text) {
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

InputCheck& InputCheck::Word(std::string_view field, std::string_view text, size_t max_bytes) {
  if (text.empty()) Refuse(field, "is empty");
  return Text(field, text, max_bytes);
}

InputCheck& InputCheck::Text(std::string_view field, std::string_view text, size_t max_bytes) {
  if (text.size() > max_bytes) {
    Refuse(field, fmt::format("has {} octets; at most {} are stored", text.size(), max_bytes));
  } else if (!IsStorableText(text)) {
    Refuse(field, "is not UTF-8 text, or holds the character U+0000");
  }
  return *this;
}

InputCheck& InputCheck::Time(std::string_view field, int64_t us) {
  if (us <= 0) Refuse(field, "is no time after 1970");
  return *this;
}

InputCheck& InputCheck::NotNegative(std::string_view field, int64_t number) {
  if (number < 0) Refuse(field, "is negative");
  return *this;
}

void InputCheck::Refuse(std::string_view field, std::string_view why) {
  if (result_) result_ = FailStore(StoreFault::kRefused, fmt::format("The {} {}", field, why));
}

}  // namespace confab::store
