#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/logs/log_entry.h"

namespace confab::logs {

// When the processes that wrote the lines began, and when they were last heard of. A process is
// what stands before the first '.' in the names of its files. Lives on one thread; the entries must
// outlive it.
class Processes {
 public:
  static constexpr size_t kMaxProcesses = 4096;  // lines of further ones are of no process
  static constexpr size_t kMaxStarts = 256;      // of one process; further ones are not told apart
  static constexpr size_t kNone = static_cast<size_t>(-1);

  // In the order of time. Returns the process of the entry, or kNone.
  size_t Note(const LogEntry& entry);
  // The process of an entry that was noted.
  size_t Of(const LogEntry& entry) const;

  // Whether the process began, or ended in order, after `from_us` and until `to_us`.
  bool IsAnother(size_t process, int64_t from_us, int64_t to_us) const;
  // Of its last line; 0 for kNone.
  int64_t last_us(size_t process) const;

 private:
  struct Process {
    int64_t last_us = 0;
    std::vector<int64_t> changes_us;  // service.started, service.stopped
  };
  size_t Find(const LogEntry& entry);

  std::map<std::string, size_t, std::less<>> by_name_;
  std::unordered_map<const std::string*, size_t> by_file_;
  std::vector<Process> processes_;
  const std::string* last_file_ = nullptr;  // of the line before, which mostly is the same
  size_t last_found_ = kNone;
};

}  // namespace confab::logs
