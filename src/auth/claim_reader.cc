#include "auth/claim_reader.h"

#include <fmt/format.h>

namespace confab::auth {
namespace {

constexpr int64_t kLatestTime = 253'402'300'799;  // the end of the year 9999

std::optional<int64_t> ToTime(const json::value& value) {
  if (value.is_int64()) {
    const int64_t time = value.get_int64();
    return time >= 0 && time <= kLatestTime ? std::optional(time) : std::nullopt;
  }
  if (!value.is_double()) return std::nullopt;
  const double time = value.get_double();
  if (!(time >= 0 && time <= static_cast<double>(kLatestTime))) return std::nullopt;
  return static_cast<int64_t>(time);
}

}  // namespace

std::string ClaimReader::Word(std::string_view name, bool (*is_valid)(std::string_view)) {
  const auto text = TextMember(payload_, name);
  if (text && is_valid(*text)) return std::string(*text);
  Refuse(name, text ? "has a form or length that is not allowed" : "is missing or no text");
  return {};
}

std::string ClaimReader::OptionalWord(std::string_view name, bool (*is_valid)(std::string_view)) {
  if (!payload_.contains(name) || TextMember(payload_, name) == "") return {};
  return Word(name, is_valid);
}

std::string ClaimReader::OptionalText(std::string_view name, size_t max_bytes) {
  if (!payload_.contains(name)) return {};
  const auto text = TextMember(payload_, name);
  if (text && text->size() <= max_bytes) return std::string(*text);
  Refuse(name, text ? "is too long" : "is no text");
  return {};
}

std::optional<int64_t> ClaimReader::Time(std::string_view name) {
  const json::value* value = payload_.if_contains(name);
  if (value == nullptr) return std::nullopt;
  const auto time = ToTime(*value);
  if (!time) Refuse(name, "is no time in seconds since 1970");
  return time;
}

void ClaimReader::Flag(std::string_view name, bool& value) {
  const json::value* given = payload_.if_contains(name);
  if (given == nullptr) return;
  if (given->is_bool()) {
    value = given->get_bool();
  } else {
    Refuse(name, "is neither true nor false");
  }
}

const json::object* ClaimReader::Object(std::string_view name) {
  const json::value* value = payload_.if_contains(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) Refuse(name, "is no object");
  return value->if_object();
}

void ClaimReader::Refuse(std::string_view name, std::string_view must) {
  if (error_) return;
  error_ = Error{ErrorCode::kUnauthorized, fmt::format("The token's claim \"{}\" {}: ask who made "
                                                       "the token for a right one.",
                                                       name, must)};
}

}  // namespace confab::auth
