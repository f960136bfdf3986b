#include "observe/log_writer.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace confab::observe {
namespace {

void WriteToStderr(std::string_view lines) {
  while (!lines.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, lines.data(), lines.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody reads: logging must not stop the program
    lines.remove_prefix(static_cast<size_t>(written));
  }
}

int64_t SystemNow() {
  using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::system_clock;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

LogWriter::LogWriter(LogWriterOptions options) : options_(std::move(options)) {
  if (!options_.output) options_.output = WriteToStderr;
  if (!options_.unix_now_us) options_.unix_now_us = SystemNow;
  output_ = std::make_unique<LineQueue>(LineQueue::Options{
      .output = options_.output,
      .drop_notice = [this](uint64_t count) { return DropNotice(count, options_.format); },
      .max_waiting_lines = options_.max_waiting_lines});
  if (!options_.folder) return;
  folder_ = std::make_unique<LogFolder>(*options_.folder, options_.unix_now_us,
                                        [this](const LogFolderNews& news) { HandleNews(news); });
  files_ = std::make_unique<LineQueue>(LineQueue::Options{
      .output = [this](std::string_view lines) { folder_->Write(lines); },
      .drop_notice = [this](uint64_t count) { return DropNotice(count, LogFormat::kJson); },
      .max_waiting_lines = options_.max_waiting_lines});
}

LogWriter::~LogWriter() = default;

uint64_t LogWriter::lines_lost_to_folder() const {
  return folder_ ? folder_->lost_lines() + files_->dropped_lines() : 0;
}

void LogWriter::Write(const LogLine& line) {
  if (files_ && options_.format == LogFormat::kJson) {
    std::string json = ToJson(line);
    files_->Push(json);
    return output_->Push(std::move(json));
  }
  if (files_) files_->Push(ToJson(line));
  output_->Push(Shown(line));
}

void LogWriter::Flush() {
  // The files first: what they tell of comes to the output.
  if (files_) files_->Flush();
  output_->Flush();
}

std::string LogWriter::Shown(const LogLine& line) const {
  return options_.format == LogFormat::kJson ? ToJson(line) : ToText(line);
}

LogLine LogWriter::Own(LogLevel level, LogEvent event, std::span<const LogField> fields) const {
  return {.unix_us = unix_now_us(),
          .level = level,
          .service = options_.service,
          .instance = options_.instance,
          .event = event,
          .scope = no_scope_,
          .fields = fields};
}

std::string LogWriter::DropNotice(uint64_t count, LogFormat format) const {
  const LogField fields[] = {{"count", count}};
  const LogLine line = Own(LogLevel::kWarning, LogEvent::kLogLinesDropped, fields);
  return format == LogFormat::kJson ? ToJson(line) : ToText(line);
}

// On the folder's thread.
void LogWriter::HandleNews(const LogFolderNews& news) {
  if (news.kind == LogFolderNews::Kind::kLost) {
    const LogField fields[] = {{"message", news.message}};
    return output_->Push(Shown(Own(LogLevel::kError, LogEvent::kLogFolderLost, fields)));
  }
  const LogField fields[] = {{"message", news.message}, {"count", news.lost_lines}};
  const LogLine line = Own(LogLevel::kWarning, LogEvent::kLogFolderBack, fields);
  output_->Push(Shown(line));
  files_->Push(ToJson(line));
}

}  // namespace confab::observe
