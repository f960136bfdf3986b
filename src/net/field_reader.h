#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace confab::net {

namespace json = boost::json;

// Bytes of a text, both ends included.
struct TextLimits {
  size_t min = 0;
  size_t max = 256;
};
struct IntegerLimits {
  int64_t min = 0;
  int64_t max = 0;
};
struct CountLimits {
  size_t min = 0;
  size_t max = 0;
};

constexpr size_t kMaxIdSize = 64;

// The first thing that is wrong with a message. Later ones are not kept.
class ReadFailure {
 public:
  bool failed() const { return !sentence_.empty(); }
  // kInvalidMessage. Only where failed().
  Error error() const { return {ErrorCode::kInvalidMessage, sentence_}; }
  void Note(std::string sentence) {
    if (sentence_.empty()) sentence_ = std::move(sentence);
  }

 private:
  std::string sentence_;
};

// Reads the fields of one JSON object that came from outside. A field that is missing, of the wrong
// type or out of range is noted in the ReadFailure with its path ("rtpParameters.encodings[0].ssrc
// must be an integer from 0 to 4294967295"), and a default is returned, so that a parser reads a
// whole message and looks once. Unknown fields are ignored; null counts as absent. The JSON value
// and the failure must outlive the reader.
class FieldReader {
 public:
  // The payload of an event: null is an empty object.
  FieldReader(const json::value& payload, ReadFailure& failure);

  std::string Text(std::string_view name, TextLimits limits);
  std::optional<std::string> OptionalText(std::string_view name, TextLimits limits);
  // 1 to kMaxIdSize (or `max`) of [A-Za-z0-9_-].
  std::string Id(std::string_view name, size_t max = kMaxIdSize);
  std::optional<std::string> OptionalId(std::string_view name, size_t max = kMaxIdSize);
  // Without duplicates, in the order of their first appearance.
  std::vector<std::string> Ids(std::string_view name, CountLimits count);
  // The index in `choices` of a text that must be one of them.
  size_t Choice(std::string_view name, std::span<const std::string_view> choices);
  std::optional<size_t> OptionalChoice(std::string_view name,
                                       std::span<const std::string_view> choices);
  int64_t Integer(std::string_view name, IntegerLimits limits);
  std::optional<int64_t> OptionalInteger(std::string_view name, IntegerLimits limits);
  std::optional<double> OptionalNumber(std::string_view name, double min, double max);
  std::optional<bool> OptionalFlag(std::string_view name);

  FieldReader Object(std::string_view name);
  std::optional<FieldReader> OptionalObject(std::string_view name);
  // The elements of an array of objects; an absent array is empty where count.min is 0.
  std::vector<FieldReader> Objects(std::string_view name, CountLimits count);

  // The object itself, for maps with free keys.
  const json::object& object() const { return *object_; }
  bool failed() const { return failure_->failed(); }
  // Notes "<path of name> <what>", for rules that only the caller knows.
  void Refuse(std::string_view name, std::string_view what);

 private:
  FieldReader(const json::object& object, std::string path, ReadFailure& failure);

  // nullptr for an absent field or null.
  const json::value* Find(std::string_view name) const;
  const json::array* Array(std::string_view name, CountLimits count);
  template <typename T>
  T Require(std::string_view name, std::string_view rule, std::optional<T> value);
  std::string PathOf(std::string_view name) const;

  const json::object* object_;
  std::string path_;  // empty for the payload itself
  ReadFailure* failure_;
};

// Whether `text` has 1 to `max` characters of [A-Za-z0-9_-].
bool IsId(std::string_view text, size_t max = kMaxIdSize);

}  // namespace confab::net
