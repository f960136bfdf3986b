#include "sfu/parameters/field_check.h"

#include <fmt/core.h>

#include <algorithm>

namespace confab::sfu {
namespace {

bool IsVisible(char c) {
  return c > 0x20 && c < 0x7f;
}

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsOneOf(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool IsAllowed(char c, TextRule rule) {
  switch (rule) {
    case TextRule::kVisible: return IsVisible(c);
    case TextRule::kValue: return IsVisible(c) && c != ';';
    case TextRule::kName: return IsVisible(c) && !IsOneOf(c, ";=\"");
    case TextRule::kToken: return IsAlphanumeric(c) || IsOneOf(c, "-.!%*_+`'~");
    case TextRule::kRid: return IsAlphanumeric(c) || IsOneOf(c, "-_");
  }
  return false;
}

}  // namespace

bool FieldCheck::Range(std::string_view field, uint32_t value, uint32_t lowest, uint32_t highest) {
  if (value >= lowest && value <= highest) return true;
  return Refuse(field, fmt::format("is {}; it must be {} to {}", value, lowest, highest));
}

bool FieldCheck::Count(std::string_view field, size_t count, size_t lowest, size_t highest) {
  if (count >= lowest && count <= highest) return true;
  return Refuse(field,
                fmt::format("has {} entries; it must have {} to {}", count, lowest, highest));
}

bool FieldCheck::Text(std::string_view field, std::string_view text, TextRule rule, size_t shortest,
                      size_t longest) {
  if (text.size() < shortest) return Refuse(field, "is missing");
  if (text.size() > longest) {
    return Refuse(field, fmt::format("is longer than {} characters", longest));
  }
  const bool clean = std::ranges::all_of(text, [&](char c) { return IsAllowed(c, rule); });
  return clean || Refuse(field, "has a character that is not allowed there");
}

bool FieldCheck::Refuse(std::string_view field, std::string_view why) {
  if (!error_) error_ = Error{ErrorCode::kInvalidMessage, fmt::format("{} {}.", field, why)};
  return false;
}

std::string At(std::string_view list, size_t index) {
  return fmt::format("{}[{}]", list, index);
}

std::string Dot(std::string_view parent, std::string_view field) {
  return fmt::format("{}.{}", parent, field);
}

}  // namespace confab::sfu
