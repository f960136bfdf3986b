#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/logs/log_entry.h"
#include "services/logs/log_filter.h"

namespace confab::logs {

// Where a page of lines ended: the next one begins behind it. "MICROSECONDS.NUMBER" for people's
// programs, which take it as it is.
struct LogCursor {
  int64_t time_us = 0;
  uint64_t number = 0;

  static std::optional<LogCursor> Parse(std::string_view text);
  std::string ToString() const;
  auto operator<=>(const LogCursor&) const = default;
};

// The newest lines of all files, in memory, in the order of their times. Beyond a limit the oldest
// are let go, and counted. Lives on one thread.
class LogIndex {
 public:
  static constexpr size_t kMaxLines = 200'000;
  static constexpr size_t kMaxBytes = 96 * 1024 * 1024;
  // One page of what was found.
  static constexpr size_t kMaxPageLines = 1000;
  static constexpr size_t kMaxPageBytes = 2 * 1024 * 1024;

  struct Limits {
    size_t lines = kMaxLines;
    size_t bytes = kMaxBytes;
  };
  explicit LogIndex(Limits limits) : limits_(limits) {}
  LogIndex() : LogIndex(Limits()) {}

  // Numbers and keeps the entries; returns them in the order of their times.
  std::vector<EntryPtr> Add(std::vector<LogEntry> entries);

  struct Page {
    std::vector<EntryPtr> entries;  // the newest first
    std::optional<LogCursor> next;  // nothing: there are no older ones
  };
  // The newest entries that match, those before the cursor where there is one. At least one where
  // there is one, `limit` at most.
  Page Find(const LogFilter& filter, std::optional<LogCursor> before, size_t limit) const;

  // All that is kept, by time, then number; until the next Add.
  const std::deque<EntryPtr>& entries() const { return entries_; }
  size_t size() const { return entries_.size(); }
  size_t bytes() const { return bytes_; }
  uint64_t forgotten() const { return forgotten_; }
  // Of the oldest line that is kept; nothing where none is.
  std::optional<int64_t> oldest_us() const;

 private:
  void Forget();

  Limits limits_;
  std::deque<EntryPtr> entries_;  // by time, then number
  size_t bytes_ = 0;
  uint64_t next_number_ = 1;
  uint64_t forgotten_ = 0;
};

}  // namespace confab::logs
