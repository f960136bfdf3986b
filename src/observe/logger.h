#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "observe/log_event.h"
#include "observe/log_field.h"
#include "observe/log_line.h"
#include "observe/log_writer.h"

namespace confab::observe {

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
           std::initializer_list<LogField> fields) const {
    Log(level, event, scope, std::span(fields.begin(), fields.size()));
  }
  void Log(LogLevel level, LogEvent event, std::initializer_list<LogField> fields) const {
    Log(level, event, LogScope{}, fields);
  }
  // Where it depends on the moment which fields there are.
  void Log(LogLevel level, LogEvent event, const LogScope& scope,
           std::span<const LogField> fields) const;

 private:
  LogWriter* writer_ = nullptr;
  std::string service_;
  std::string instance_;
};

}  // namespace confab::observe
