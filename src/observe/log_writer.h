#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "observe/line_queue.h"
#include "observe/log_event.h"
#include "observe/log_folder.h"
#include "observe/log_line.h"

namespace confab::observe {

// How lines look: one JSON object each for programs, or one readable sentence for a terminal.
enum class LogFormat : uint8_t { kJson, kText };

struct LogWriterOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kJson;  // of the output; files are always JSON
  // Where whole lines go, from the writer's thread, several at once. The default is stderr.
  std::function<void(std::string_view lines)> output;
  // Microseconds since the Unix epoch. The default is the system's clock.
  std::function<int64_t()> unix_now_us;
  // Lines that wait for the output, and as many for the folder; beyond, the oldest is dropped,
  // counted, and the loss is logged.
  size_t max_waiting_lines = 8192;
  // In whose name lines about the log itself are written.
  std::string service = "app";
  std::string instance;
  // Where the same lines go as files; nothing: nowhere.
  std::optional<LogFolderOptions> folder;
};

// Finishes lines and hands them to the output and, if there is one, to the folder, each with a
// thread of its own, so that a slow disk or terminal never holds up a call, nor one the other. Made
// first and destroyed last of everything that logs; the destructor writes what waits. Any thread.
class LogWriter {
 public:
  explicit LogWriter(LogWriterOptions options);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  bool is_enabled(LogLevel level) const { return level >= options_.level; }
  int64_t unix_now_us() const { return options_.unix_now_us(); }

  // Lines that did not fit into the output's queue.
  uint64_t dropped_lines() const { return output_->dropped_lines(); }
  // Lines that are in no file: dropped before they came to it, or not written.
  uint64_t lines_lost_to_folder() const;

  // Waits for nothing but short locks.
  void Write(const LogLine& line);
  // Returns when everything queued before has been given to the output and the folder.
  void Flush();

 private:
  std::string Shown(const LogLine& line) const;
  // A line about the log itself.
  LogLine Own(LogLevel level, LogEvent event, std::span<const LogField> fields) const;
  std::string DropNotice(uint64_t count, LogFormat format) const;
  void HandleNews(const LogFolderNews& news);

  LogWriterOptions options_;
  const LogScope no_scope_;
  // In this order: the folder's thread tells the output of its troubles.
  std::unique_ptr<LineQueue> output_;
  std::unique_ptr<LogFolder> folder_;  // nullptr: none, as the next
  std::unique_ptr<LineQueue> files_;
};

}  // namespace confab::observe
