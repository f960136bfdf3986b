#include "net/field_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace confab::net {
namespace {

const json::object kEmptyObject;

std::string TextRule(TextLimits limits) {
  return fmt::format("a text of {} to {} bytes", limits.min, limits.max);
}
std::string IdRule(size_t max) {
  return fmt::format("1 to {} characters of A-Z a-z 0-9 _ -", max);
}
std::string IntegerRule(IntegerLimits limits) {
  return fmt::format("an integer from {} to {}", limits.min, limits.max);
}
std::string ChoiceRule(std::span<const std::string_view> choices) {
  return fmt::format("one of \"{}\"", fmt::join(choices, "\", \""));
}

// JavaScript has one kind of number: 48000.0 is an integer too.
std::optional<int64_t> AsInteger(const json::value& value) {
  if (const int64_t* integer = value.if_int64()) return *integer;
  if (const double* number = value.if_double()) {
    constexpr double kMaxSafeInteger = 9007199254740991.0;  // ECMA-262 §21.1.2.6
    if (std::trunc(*number) == *number && std::abs(*number) <= kMaxSafeInteger) {
      return static_cast<int64_t>(*number);
    }
  }
  return std::nullopt;  // beyond int64_t: out of every range that we use
}

std::optional<double> AsNumber(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  return value.to_number<double>();
}

}  // namespace

bool IsId(std::string_view text, size_t max) {
  return !text.empty() && text.size() <= max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

FieldReader::FieldReader(const json::value& payload, ReadFailure& failure)
    : object_(payload.if_object()), failure_(&failure) {
  if (object_ != nullptr) return;
  object_ = &kEmptyObject;
  if (!payload.is_null()) failure.Note("the payload must be an object");
}

FieldReader::FieldReader(const json::object& object, std::string path, ReadFailure& failure)
    : object_(&object), path_(std::move(path)), failure_(&failure) {}

std::string FieldReader::PathOf(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

void FieldReader::Refuse(std::string_view name, std::string_view what) {
  if (!failed()) failure_->Note(fmt::format("{} {}", PathOf(name), what));
}

const json::value* FieldReader::Find(std::string_view name) const {
  const json::value* value = object_->if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

template <typename T>
T FieldReader::Require(std::string_view name, std::string_view rule, std::optional<T> value) {
  if (value) return std::move(*value);
  Refuse(name, fmt::format("is missing: it must be {}", rule));
  return T{};
}

std::optional<std::string> FieldReader::OptionalText(std::string_view name, TextLimits limits) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  const json::string* text = value->if_string();
  if (text != nullptr && text->size() >= limits.min && text->size() <= limits.max) {
    return std::string(*text);
  }
  Refuse(name, fmt::format("must be {}", TextRule(limits)));
  return std::string();
}

std::string FieldReader::Text(std::string_view name, TextLimits limits) {
  return Require(name, TextRule(limits), OptionalText(name, limits));
}

std::optional<std::string> FieldReader::OptionalId(std::string_view name, size_t max) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  const json::string* text = value->if_string();
  if (text != nullptr && IsId(*text, max)) return std::string(*text);
  Refuse(name, fmt::format("must be {}", IdRule(max)));
  return std::string();
}

std::string FieldReader::Id(std::string_view name, size_t max) {
  return Require(name, IdRule(max), OptionalId(name, max));
}

const json::array* FieldReader::Array(std::string_view name, CountLimits count) {
  const json::value* value = Find(name);
  const auto rule = [&] { return fmt::format("an array of {} to {}", count.min, count.max); };
  if (value == nullptr) {
    if (count.min > 0) Refuse(name, fmt::format("is missing: it must be {}", rule()));
    return nullptr;
  }
  const json::array* array = value->if_array();
  if (array != nullptr && array->size() >= count.min && array->size() <= count.max) return array;
  Refuse(name, fmt::format("must be {}", rule()));
  return nullptr;
}

std::vector<std::string> FieldReader::Ids(std::string_view name, CountLimits count) {
  std::vector<std::string> ids;
  const json::array* array = Array(name, count);
  if (array == nullptr) return ids;
  for (size_t i = 0; i < array->size(); ++i) {
    const json::string* text = (*array)[i].if_string();
    if (text == nullptr || !IsId(*text)) {
      Refuse(fmt::format("{}[{}]", name, i), fmt::format("must be {}", IdRule(kMaxIdSize)));
      return ids;
    }
    if (std::ranges::find(ids, std::string_view(*text)) == ids.end()) ids.emplace_back(*text);
  }
  return ids;
}

std::optional<size_t> FieldReader::OptionalChoice(std::string_view name,
                                                  std::span<const std::string_view> choices) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (const json::string* text = value->if_string()) {
    const auto found = std::ranges::find(choices, std::string_view(*text));
    if (found != choices.end()) return static_cast<size_t>(found - choices.begin());
  }
  Refuse(name, fmt::format("must be {}", ChoiceRule(choices)));
  return 0;
}

size_t FieldReader::Choice(std::string_view name, std::span<const std::string_view> choices) {
  return Require(name, ChoiceRule(choices), OptionalChoice(name, choices));
}

std::optional<int64_t> FieldReader::OptionalInteger(std::string_view name, IntegerLimits limits) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<int64_t> integer = AsInteger(*value);
  if (integer && *integer >= limits.min && *integer <= limits.max) return integer;
  Refuse(name, fmt::format("must be {}", IntegerRule(limits)));
  return limits.min;
}

int64_t FieldReader::Integer(std::string_view name, IntegerLimits limits) {
  return Require(name, IntegerRule(limits), OptionalInteger(name, limits));
}

std::optional<double> FieldReader::OptionalNumber(std::string_view name, double min, double max) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<double> number = AsNumber(*value);
  if (number && *number >= min && *number <= max) return number;
  Refuse(name, fmt::format("must be a number from {} to {}", min, max));
  return min;
}

std::optional<bool> FieldReader::OptionalFlag(std::string_view name) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (const bool* flag = value->if_bool()) return *flag;
  Refuse(name, "must be true or false");
  return false;
}

std::optional<FieldReader> FieldReader::OptionalObject(std::string_view name) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  const json::object* object = value->if_object();
  if (object == nullptr) Refuse(name, "must be an object");
  return FieldReader(object == nullptr ? kEmptyObject : *object, PathOf(name), *failure_);
}

FieldReader FieldReader::Object(std::string_view name) {
  std::optional<FieldReader> reader = OptionalObject(name);
  if (reader) return std::move(*reader);
  Refuse(name, "is missing: it must be an object");
  return FieldReader(kEmptyObject, PathOf(name), *failure_);
}

std::vector<FieldReader> FieldReader::Objects(std::string_view name, CountLimits count) {
  std::vector<FieldReader> readers;
  const json::array* array = Array(name, count);
  if (array == nullptr) return readers;
  readers.reserve(array->size());
  for (size_t i = 0; i < array->size(); ++i) {
    const std::string element = fmt::format("{}[{}]", name, i);
    const json::object* object = (*array)[i].if_object();
    if (object == nullptr) {
      Refuse(element, "must be an object");
      return {};
    }
    readers.push_back(FieldReader(*object, PathOf(element), *failure_));
  }
  return readers;
}

}  // namespace confab::net
