#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/id.h"
#include "base/socket_address.h"
#include "base/units.h"
#include "observe/log_event.h"
#include "observe/log_writer.h"
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

// What a line is about. Empty parts are left out.
struct LogScope {
  std::string room;
  std::string participant;
  std::string session;
  std::string trace;  // the id that an error message shows to a person
};

// A service's way to the log: a small value that each part of the service keeps a copy of. Any
// thread. The default one discards everything. The LogWriter must outlive it.
class Logger {
 public:
  Logger() = default;
  Logger(LogWriter& writer, std::string service, std::string instance)
      : writer_(&writer), service_(std::move(service)), instance_(std::move(instance)) {}

  // The same with another service's name.
  Logger For(std::string_view service) const;

  bool is_enabled(LogLevel level) const { return writer_ && writer_->is_enabled(level); }
  // One line. Not per packet: what happens per packet is counted (CounterArray).
  void Log(LogLevel level, LogEvent event, const LogScope& scope,
           std::initializer_list<LogField> fields) const;
  void Log(LogLevel level, LogEvent event, std::initializer_list<LogField> fields) const {
    Log(level, event, LogScope{}, fields);
  }

 private:
  std::string Json(LogLevel level, LogEvent event, const LogScope& scope,
                   std::initializer_list<LogField> fields) const;
  std::string Text(LogLevel level, LogEvent event, const LogScope& scope,
                   std::initializer_list<LogField> fields) const;

  LogWriter* writer_ = nullptr;
  std::string service_;
  std::string instance_;
};

// "2026-01-31T23:59:59.123456Z" of microseconds since the Unix epoch.
std::string FormatUtc(int64_t unix_us);

}  // namespace confab::observe
