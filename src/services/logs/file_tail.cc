#include "services/logs/file_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "net/file_descriptor.h"

namespace confab::logs {

FileTail::FileTail(std::filesystem::path path, FileState state, uint64_t offset)
    : path_(std::move(path)),
      name_(std::make_shared<const std::string>(path_.filename().string())),
      inode_(state.inode),
      offset_(offset > 0 ? offset - 1 : 0) {
  // The octet before `offset` tells whether a line begins there.
  if (offset > 0) splitter_.SkipToNextLine();
}

size_t FileTail::Read(const FileState& state, size_t max_bytes, const ReadTime& time,
                      std::vector<LogEntry>& entries) {
  if (state.inode != inode_ || state.size < offset_) BeginAnew(state);
  std::vector<RawLine> lines;
  std::string buffer;
  const size_t wanted = static_cast<size_t>(std::min<uint64_t>(state.size - offset_, max_bytes));
  const size_t count = wanted > 0 ? ReadFrom(wanted, buffer) : 0;
  if (count > 0) {
    grew_at_ = time.now;
    offset_ += count;
    splitter_.Add(buffer, lines);
  } else if (!HasMore(state) && splitter_.has_rest() && time.now >= grew_at_ + kTornAfter) {
    if (auto rest = splitter_.TakeRest()) lines.push_back(std::move(*rest));
  }
  Give(std::move(lines), time, entries);
  return count;
}

void FileTail::BeginAnew(const FileState& state) {
  inode_ = state.inode;
  offset_ = 0;
  splitter_ = {};
}

// Opened without following a link and without waiting: what lies in the folder under a log's name
// may be a link to somebody's secret, or a pipe.
size_t FileTail::ReadFrom(size_t max_bytes, std::string& buffer) const {
  const net::FileDescriptor file(
      open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  struct stat status{};
  if (file.value() < 0 || fstat(file.value(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_ino != inode_) {
    return 0;
  }
  buffer.resize(max_bytes);
  const ssize_t count = pread(file.value(), buffer.data(), max_bytes, static_cast<off_t>(offset_));
  buffer.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return buffer.size();
}

void FileTail::Give(std::vector<RawLine> lines, const ReadTime& time,
                    std::vector<LogEntry>& entries) {
  for (RawLine& line : lines) {
    entries.push_back(ParseLine(std::move(line), name_, last_us_, time.unix_us));
    last_us_ = entries.back().time_us;
  }
}

}  // namespace confab::logs
