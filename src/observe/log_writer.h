#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "observe/log_event.h"

namespace confab::observe {

// How lines look: one JSON object each for programs, or one readable sentence for a terminal.
enum class LogFormat : uint8_t { kJson, kText };

struct LogWriterOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kJson;
  // Where whole lines go, from the writer's thread, several at once. The default is stderr.
  std::function<void(std::string_view lines)> output;
  // Microseconds since the Unix epoch. The default is the system's clock.
  std::function<int64_t()> unix_now_us;
  // Lines that wait; beyond, the oldest is dropped, counted, and the loss is logged.
  size_t max_waiting_lines = 8192;
};

// Takes finished lines from every thread and writes them on its own, so that a slow disk or
// terminal never holds up a call. Made first and destroyed last of everything that logs; the
// destructor writes what waits.
class LogWriter {
 public:
  explicit LogWriter(LogWriterOptions options);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  bool is_enabled(LogLevel level) const { return level >= options_.level; }
  LogFormat format() const { return options_.format; }
  int64_t unix_now_us() const { return options_.unix_now_us(); }
  uint64_t dropped_lines() const;

  // Queues a line without its newline. Any thread; waits for nothing but a short lock.
  void Write(std::string line);
  // Returns when everything queued before has been given to the output.
  void Flush();

 private:
  void Run();
  std::string TakeWaiting(std::unique_lock<std::mutex>& lock);

  LogWriterOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable flushed_;
  std::deque<std::string> waiting_;  // guarded by mutex_, as is all below
  uint64_t dropped_ = 0;
  uint64_t reported_drops_ = 0;
  bool is_writing_ = false;
  bool is_stopping_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace confab::observe
