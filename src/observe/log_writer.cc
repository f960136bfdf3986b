#include "observe/log_writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "observe/json_line.h"

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

std::string DropNotice(LogFormat format, uint64_t count) {
  if (format == LogFormat::kText) return fmt::format("({} log lines dropped)\n", count);
  JsonLine line;
  line.Add("level", ToString(LogLevel::kWarning));
  line.Add("event", ToString(LogEvent::kLogLinesDropped));
  line.Add("count", count);
  return line.Finish() + "\n";
}

}  // namespace

LogWriter::LogWriter(LogWriterOptions options) : options_(std::move(options)) {
  if (!options_.output) options_.output = WriteToStderr;
  if (!options_.unix_now_us) options_.unix_now_us = SystemNow;
  thread_ = std::thread([this] { Run(); });
}

LogWriter::~LogWriter() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

uint64_t LogWriter::dropped_lines() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void LogWriter::Write(std::string line) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= options_.max_waiting_lines) {
      waiting_.pop_front();
      ++dropped_;
    }
    waiting_.push_back(std::move(line));
  }
  wake_.notify_one();
}

void LogWriter::Flush() {
  std::unique_lock lock(mutex_);
  flushed_.wait(lock, [this] { return waiting_.empty() && !is_writing_; });
}

std::string LogWriter::TakeWaiting(std::unique_lock<std::mutex>& lock) {
  auto lines = std::exchange(waiting_, {});
  const uint64_t lost = dropped_ - std::exchange(reported_drops_, dropped_);
  is_writing_ = true;
  lock.unlock();
  std::string text;
  if (lost > 0) text = DropNotice(options_.format, lost);
  for (const std::string& line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

void LogWriter::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return !waiting_.empty() || is_stopping_; });
    if (waiting_.empty()) return;
    const std::string text = TakeWaiting(lock);
    options_.output(text);
    lock.lock();
    is_writing_ = false;
    if (waiting_.empty()) flushed_.notify_all();
  }
}

}  // namespace confab::observe
