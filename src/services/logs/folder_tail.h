#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "services/logs/file_tail.h"

namespace confab::logs {

// Follows all logs of a folder: every regular file NAME.jsonl in it, links aside. Finds new ones,
// forgets those that are gone. Blocks for the time of small reads; lives on one thread.
class FolderTail {
 public:
  static constexpr size_t kMaxFiles = 1024;  // beyond, the oldest are left out
  // Of what is there at the beginning so much is read, the newest files first.
  static constexpr uint64_t kMaxBacklogBytes = 64 * 1024 * 1024;
  static constexpr uint64_t kMaxFileBacklogBytes = 16 * 1024 * 1024;
  // In one call, of all files and of one.
  static constexpr size_t kMaxTurnBytes = 4 * 1024 * 1024;
  static constexpr size_t kMaxFileTurnBytes = 1024 * 1024;

  explicit FolderTail(std::filesystem::path folder) : folder_(std::move(folder)) {}

  struct Turn {
    std::vector<LogEntry> entries;
    bool has_more = false;  // that can be read now
  };
  // What has come since. Error: kUnavailable, with a sentence: the folder cannot be read. What was
  // known of its files is kept for when it is back.
  Result<Turn> Read(const ReadTime& time);

  size_t files() const { return tails_.size(); }

 private:
  struct Found {
    std::string name;
    FileState state;
    int64_t modified_ns = 0;
  };
  Result<std::vector<Found>> List() const;
  void Follow(const std::vector<Found>& found);

  std::filesystem::path folder_;
  std::map<std::string, FileTail> tails_;  // by name
  bool is_first_ = true;
};

}  // namespace confab::logs
