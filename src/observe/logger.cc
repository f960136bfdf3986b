#include "observe/logger.h"

namespace confab::observe {

Logger Logger::For(std::string_view service) const {
  Logger other = *this;
  other.service_ = service;
  return other;
}

void Logger::Log(LogLevel level, LogEvent event, const LogScope& scope,
                 std::span<const LogField> fields) const {
  if (!is_enabled(level)) return;
  writer_->Write({.unix_us = writer_->unix_now_us(),
                  .level = level,
                  .service = service_,
                  .instance = instance_,
                  .event = event,
                  .scope = scope,
                  .fields = fields});
}

}  // namespace confab::observe
