#include "observe/logger.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

#include "observe/json_line.h"

namespace confab::observe {
namespace {

struct ScopePart {
  std::string_view key;
  const std::string& value;
};

std::array<ScopePart, 4> PartsOf(const LogScope& scope) {
  return {{{"room", scope.room},
           {"participant", scope.participant},
           {"session", scope.session},
           {"trace", scope.trace}}};
}

struct AddToJson {
  JsonLine& line;
  std::string_view key;
  void operator()(const std::string& value) const { line.Add(key, value); }
  void operator()(bool value) const { line.AddBool(key, value); }
  template <typename Number>
  void operator()(Number value) const {
    line.Add(key, value);
  }
};

struct AddToText {
  std::string& text;
  std::string_view key;
  void operator()(const std::string& value) const {
    text += fmt::format(" {}=", key);
    AppendJsonString(text, value);
  }
  template <typename Scalar>
  void operator()(Scalar value) const {
    text += fmt::format(" {}={}", key, value);
  }
};

constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

std::string FormatUtc(int64_t unix_us) {
  const auto seconds = static_cast<std::time_t>(unix_us / kMicrosPerSecond);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     unix_us % kMicrosPerSecond);
}

Logger Logger::For(std::string_view service) const {
  Logger other = *this;
  other.service_ = service;
  return other;
}

void Logger::Log(LogLevel level, LogEvent event, const LogScope& scope,
                 std::initializer_list<LogField> fields) const {
  if (!is_enabled(level)) return;
  const bool is_json = writer_->format() == LogFormat::kJson;
  writer_->Write(is_json ? Json(level, event, scope, fields) : Text(level, event, scope, fields));
}

std::string Logger::Json(LogLevel level, LogEvent event, const LogScope& scope,
                         std::initializer_list<LogField> fields) const {
  JsonLine line;
  line.Add("time", FormatUtc(writer_->unix_now_us()));
  line.Add("level", ToString(level));
  line.Add("service", service_);
  line.Add("instance", instance_);
  line.Add("event", ToString(event));
  for (const ScopePart& part : PartsOf(scope)) {
    if (!part.value.empty()) line.Add(part.key, part.value);
  }
  for (const LogField& field : fields) std::visit(AddToJson{line, field.key()}, field.value());
  return line.Finish();
}

std::string Logger::Text(LogLevel level, LogEvent event, const LogScope& scope,
                         std::initializer_list<LogField> fields) const {
  constexpr size_t kTimeOfDay = 11, kTimeLength = 12;  // "23:59:59.123" inside the UTC form
  std::string text = fmt::format("{} {:<7} {:<9} {}",
                                 FormatUtc(writer_->unix_now_us()).substr(kTimeOfDay, kTimeLength),
                                 ToString(level), service_, ToString(event));
  for (const ScopePart& part : PartsOf(scope)) {
    if (!part.value.empty()) AddToText{text, part.key}(part.value);
  }
  for (const LogField& field : fields) std::visit(AddToText{text, field.key()}, field.value());
  return text;
}

}  // namespace confab::observe
