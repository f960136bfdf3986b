#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/id.h"
#include "base/socket_address.h"
#include "base/units.h"
#include "observe/private.h"

namespace confab::observe {

// A named value of a log line. Addresses, and whatever else is about a person, are taken only as
// Private<…>; durations are in microseconds, so their key ends in "_us".
class LogField {
 public:
  using Value = std::variant<std::string, int64_t, uint64_t, double, bool>;

  LogField(std::string_view key, std::string value) : key_(key), value_(std::move(value)) {}
  LogField(std::string_view key, std::string_view value) : key_(key), value_(std::string(value)) {}
  LogField(std::string_view key, const char* value) : key_(key), value_(std::string(value)) {}
  LogField(std::string_view key, std::signed_integral auto value)
      : key_(key), value_(static_cast<int64_t>(value)) {}
  template <std::unsigned_integral Number>
  LogField(std::string_view key, Number value) : key_(key) {
    if constexpr (std::same_as<Number, bool>) {
      value_ = value;
    } else {
      value_ = static_cast<uint64_t>(value);
    }
  }
  LogField(std::string_view key, double value) : key_(key), value_(value) {}
  LogField(std::string_view key, TimeDelta value) : key_(key), value_(value.us()) {}
  LogField(std::string_view key, ErrorCode code) : LogField(key, confab::ToString(code)) {}
  template <typename Tag>
  LogField(std::string_view key, const Id<Tag>& id) : key_(key), value_(id.ToString()) {}
  template <typename T>
  LogField(std::string_view key, const Private<T>& secret)
      : key_(key), value_(PseudonymOf(secret)) {}
  LogField(std::string_view key, const SocketAddress&) = delete;

  std::string_view key() const { return key_; }  // must outlive the field: a literal
  const Value& value() const { return value_; }

 private:
  std::string_view key_;
  Value value_;
};

}  // namespace confab::observe
