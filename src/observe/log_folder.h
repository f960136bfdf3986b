#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/units.h"
#include "observe/log_files.h"

namespace confab::observe {

struct LogFolderOptions {
  std::string folder;
  std::string role;                    // "media"
  std::string instance;                // of this process
  uint64_t file_octets = 64ULL << 20;  // a file takes no more; beyond, the next one begins
  TimeDelta file_age = TimeDelta::Seconds(24 * 3600);
  uint64_t keep_octets = 1ULL << 30;  // all files together, the one being written included
  TimeDelta keep_age = TimeDelta::Seconds(7 * 24 * 3600);  // since a file was last written
  Heritage heritage = Heritage::kOwn;
};

// What a person should hear of the folder.
struct LogFolderNews {
  enum class Kind : uint8_t {
    kLost,  // lines are lost from here on
    kBack,  // lines are written again
  } kind;
  std::string message;      // a sentence
  uint64_t lost_lines = 0;  // of kBack: in between
};

// Writes lines to files of one writer in a folder that all services share (docs/logs.md). A file is
// only appended to, never renamed or truncated; the next one begins by size and by age, and then
// the oldest of this writer are removed. What cannot be written, because the disk is full or the
// folder has gone, is lost and counted, and nothing else comes of it: the next lines try again, at
// most every kRetryPeriod where no file can be opened. Belongs to one thread, its counter to all.
class LogFolder {
 public:
  static constexpr TimeDelta kRetryPeriod = TimeDelta::Seconds(1);

  // `now`: microseconds since the Unix epoch. `on_news` is called within Write.
  LogFolder(LogFolderOptions options, std::function<int64_t()> now,
            std::function<void(const LogFolderNews&)> on_news);
  ~LogFolder();
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;

  // Whole lines, each with its newline.
  void Write(std::string_view lines);

  // That were given and are in no file. Any thread.
  uint64_t lost_lines() const { return lost_lines_.load(std::memory_order_relaxed); }

 private:
  // Writes the lines that the file still takes, one at least, and returns the others. An error of
  // the system: what is left is lost.
  int WriteSome(std::string_view& lines, int64_t now);
  int EnsureFile(int64_t now);
  int Open(int64_t now);
  int Append(std::string_view& lines);
  void Close();
  // The open file is what its name in the folder stands for.
  bool IsInPlace() const;
  void RemoveOld(int64_t now);
  void Lose(std::string_view lines, int error);
  void Recover();

  LogFolderOptions options_;
  std::function<int64_t()> now_;
  std::function<void(const LogFolderNews&)> on_news_;
  std::string writer_name_;
  std::string path_;   // of the open file
  int file_ = -1;      // the open file; -1: none
  uint64_t size_ = 0;  // of it
  int64_t began_us_ = 0;
  bool is_torn_ = false;  // it ends within a line
  bool is_lost_ = false;
  int64_t retry_at_us_ = 0;  // no file is opened before
  uint64_t lost_now_ = 0;    // lines since is_lost_
  std::atomic<uint64_t> lost_lines_ = 0;
};

}  // namespace confab::observe
