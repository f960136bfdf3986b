#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/call_scope.h"
#include "observe/log_event.h"
#include "observe/log_field.h"

namespace confab::observe {

// What a line is about. Empty parts are left out.
using LogScope = CallScope;

// Of a finished line, its newline not counted. Texts that do not fit are cut, what then still does
// not fit is left out, and `"cut":true` says so.
constexpr size_t kMaxLogLineSize = 16 * 1024;

// All that a line says. Views, for the moment in which it is finished.
struct LogLine {
  int64_t unix_us = 0;
  LogLevel level = LogLevel::kInfo;
  std::string_view service;
  std::string_view instance;
  LogEvent event = LogEvent::kInternalError;
  const LogScope& scope;
  std::span<const LogField> fields;
};

// One JSON object, for programs: see docs/logs.md.
std::string ToJson(const LogLine& line);
// One sentence, for a terminal.
std::string ToText(const LogLine& line);

// "2026-01-31T23:59:59.123456Z" of microseconds since the Unix epoch.
std::string FormatUtc(int64_t unix_us);

}  // namespace confab::observe
