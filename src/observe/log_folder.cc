#include "observe/log_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace confab::observe {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;
// Files of this writer that are named after the same microsecond.
constexpr int kMaxNames = 16;

size_t LinesIn(std::string_view text) {
  return static_cast<size_t>(std::ranges::count(text, '\n'));
}

// With the folders above it. An error of the system, or 0.
int MakeFolder(const std::string& folder) {
  if (::mkdir(folder.c_str(), kFolderMode) == 0 || errno == EEXIST) return 0;
  const size_t slash = folder.find_last_of('/');
  if (errno != ENOENT || slash == std::string::npos || slash == 0) return errno;
  if (const int error = MakeFolder(folder.substr(0, slash)); error != 0) return error;
  return ::mkdir(folder.c_str(), kFolderMode) == 0 || errno == EEXIST ? 0 : errno;
}

// Whole lines of at most so many octets; one at least, where that is all there is.
size_t WholeLines(std::string_view lines, uint64_t octets) {
  if (lines.size() <= octets) return lines.size();
  const size_t last = lines.substr(0, octets).find_last_of('\n');
  return last == std::string_view::npos ? lines.find('\n') + 1 : last + 1;
}

}  // namespace

LogFolder::LogFolder(LogFolderOptions options, std::function<int64_t()> now,
                     std::function<void(const LogFolderNews&)> on_news)
    : options_(std::move(options)),
      now_(std::move(now)),
      on_news_(std::move(on_news)),
      writer_name_(LogWriterName(options_.role, options_.instance)) {
  options_.file_octets = std::min(options_.file_octets, options_.keep_octets);
}

LogFolder::~LogFolder() {
  Close();
}

void LogFolder::Write(std::string_view lines) {
  while (!lines.empty()) {
    if (const int error = WriteSome(lines, now_()); error != 0) return Lose(lines, error);
  }
  if (is_lost_) Recover();
}

int LogFolder::WriteSome(std::string_view& lines, int64_t now) {
  // A clock that was set back: the file's age counts from here.
  if (began_us_ - now > kRetryPeriod.us()) began_us_ = now;
  const bool is_old = now - began_us_ >= options_.file_age.us();
  const bool is_full = size_ > 0 && size_ + lines.find('\n') + 1 > options_.file_octets;
  if (file_ >= 0 && (is_old || is_full)) Close();
  if (const int error = EnsureFile(now); error != 0) return error;
  if (is_torn_) {
    std::string_view end = "\n";
    if (const int error = Append(end); error != 0) return error;
  }
  const uint64_t room = options_.file_octets > size_ ? options_.file_octets - size_ : 0;
  const size_t count = WholeLines(lines, room);
  std::string_view part = lines.substr(0, count);
  const int error = Append(part);
  lines.remove_prefix(count - part.size());
  return error;
}

int LogFolder::EnsureFile(int64_t now) {
  if (file_ >= 0 && !IsInPlace()) Close();
  if (file_ >= 0) return 0;
  // It is never farther away than a period, unless the clock was set back.
  const int64_t wait_us = retry_at_us_ - now;
  if (is_lost_ && wait_us > 0 && wait_us <= kRetryPeriod.us()) return EAGAIN;
  retry_at_us_ = now + kRetryPeriod.us();
  return Open(now);
}

int LogFolder::Open(int64_t now) {
  if (const int error = MakeFolder(options_.folder); error != 0) return error;
  RemoveOld(now);
  for (int i = 0; i < kMaxNames && file_ < 0; ++i) {
    path_ = options_.folder + "/" + LogFileName(writer_name_, now + i);
    file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   kFileMode);
    if (file_ < 0 && errno != EEXIST) return errno;
  }
  if (file_ < 0) return EEXIST;
  // Tells other writers that this one lives (log_files.cc). A file system without locks tells
  // nothing, and then nobody takes the file for an ended one's.
  (void)::flock(file_, LOCK_EX | LOCK_NB);
  size_ = 0;
  began_us_ = now;
  is_torn_ = false;
  return 0;
}

int LogFolder::Append(std::string_view& lines) {
  while (!lines.empty()) {
    const ssize_t written = ::write(file_, lines.data(), lines.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written == 0 ? EIO : errno;
    const auto count = static_cast<size_t>(written);
    is_torn_ = lines[count - 1] != '\n';
    size_ += count;
    lines.remove_prefix(count);
  }
  return 0;
}

void LogFolder::Close() {
  if (file_ < 0) return;
  std::string_view end = "\n";
  if (is_torn_) (void)Append(end);
  ::close(std::exchange(file_, -1));
  is_torn_ = false;
}

bool LogFolder::IsInPlace() const {
  struct stat open{}, named{};
  return ::fstat(file_, &open) == 0 && ::lstat(path_.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

void LogFolder::RemoveOld(int64_t now) {
  const auto files = FindLogFiles(options_.folder, options_.role, writer_name_, options_.heritage);
  uint64_t total = options_.file_octets;  // the one that begins may take so much
  for (const LogFile& file : files) total += file.size;
  for (const LogFile& file : files) {
    const bool is_old = now - file.written_unix_us > options_.keep_age.us();
    if (!is_old && total <= options_.keep_octets) continue;
    // What cannot be removed is tried again with the next file.
    if (::unlink(file.path.c_str()) == 0) total -= file.size;
  }
}

void LogFolder::Lose(std::string_view lines, int error) {
  const size_t count = LinesIn(lines);
  lost_lines_.fetch_add(count, std::memory_order_relaxed);
  lost_now_ += count;
  if (std::exchange(is_lost_, true)) return;
  on_news_({.kind = LogFolderNews::Kind::kLost,
            .message = fmt::format(
                "Log lines cannot be written to {} ({}): they are lost until that is mended; "
                "this output has them.",
                options_.folder, std::generic_category().message(error))});
}

void LogFolder::Recover() {
  is_lost_ = false;
  on_news_({.kind = LogFolderNews::Kind::kBack,
            .message = fmt::format("Log lines are written to {} again.", options_.folder),
            .lost_lines = std::exchange(lost_now_, 0)});
}

}  // namespace confab::observe
