#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/units.h"
#include "services/logs/line_splitter.h"
#include "services/logs/log_entry.h"

namespace confab::logs {

// What a look at a file says of it.
struct FileState {
  ino_t inode = 0;
  uint64_t size = 0;
  bool operator==(const FileState&) const = default;
};

// When something is read, on both clocks.
struct ReadTime {
  Timestamp now;        // steady
  int64_t unix_us = 0;  // of the machine
};

// Follows one file that is appended to. Holds no descriptor: the file may go away at any time. One
// that is another under the same name, or is shorter than what was read of it, is read from its
// beginning.
class FileTail {
 public:
  // A line without its end is given out as torn when its file has not grown for so long.
  static constexpr TimeDelta kTornAfter = TimeDelta::Seconds(10);

  // Begins at `offset`, or at the first line behind it.
  FileTail(std::filesystem::path path, FileState state, uint64_t offset);

  // Reads what is new, `max_bytes` at most, and appends its lines. Returns how many octets were
  // read. A file that cannot be read now is tried again at the next call.
  size_t Read(const FileState& state, size_t max_bytes, const ReadTime& time,
              std::vector<LogEntry>& entries);
  bool HasMore(const FileState& state) const { return state.size > offset_; }

 private:
  void BeginAnew(const FileState& state);
  size_t ReadFrom(size_t max_bytes, std::string& buffer) const;
  void Give(std::vector<RawLine> lines, const ReadTime& time, std::vector<LogEntry>& entries);

  std::filesystem::path path_;
  std::shared_ptr<const std::string> name_;  // shared with the entries, which outlive the tail
  ino_t inode_;
  uint64_t offset_;
  LineSplitter splitter_;
  int64_t last_us_ = 0;  // of the line before
  Timestamp grew_at_;
};

}  // namespace confab::logs
