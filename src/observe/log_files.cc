#include "observe/log_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "base/units.h"
#include "observe/log_line.h"

namespace confab::observe {
namespace {

constexpr std::string_view kExtension = ".jsonl";
constexpr int64_t kNanosPerMicro = 1000;

std::string Reduced(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!is_kept) c = '-';
  }
  return out;
}

// "20261129T064413.123456Z"
std::string Stamp(int64_t unix_us) {
  std::string text = FormatUtc(unix_us);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

// What stands before the first point; "" where the name is none of ours.
std::string_view WriterOf(std::string_view name) {
  if (!name.ends_with(kExtension)) return {};
  return name.substr(0, name.find('.'));
}

// A process holds a lock on the file that it writes (LogFolder), which ends with it.
bool HasEnded(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return false;
  const bool is_free = ::flock(file, LOCK_EX | LOCK_NB) == 0;
  ::close(file);
  return is_free;
}

}  // namespace

std::string LogWriterName(std::string_view role, std::string_view instance) {
  return Reduced(role) + "-" + Reduced(instance);
}

std::string LogFileName(std::string_view writer_name, int64_t unix_us) {
  return std::string(writer_name) + "." + Stamp(unix_us) + std::string(kExtension);
}

std::vector<LogFile> FindLogFiles(const std::string& folder, std::string_view role,
                                  std::string_view writer_name, Heritage heritage) {
  std::vector<LogFile> files;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(folder.c_str()), ::closedir);
  if (!listing) return files;
  const std::string family = Reduced(role) + "-";
  // The listing is this function's own. NOLINTNEXTLINE(concurrency-mt-unsafe)
  while (const dirent* entry = ::readdir(listing.get())) {
    LogFile file{.path = folder + "/" + entry->d_name, .name = entry->d_name};
    const std::string_view writer = WriterOf(file.name);
    const bool is_own = writer == writer_name;
    if (!is_own && (heritage == Heritage::kOwn || !writer.starts_with(family))) continue;
    struct stat status{};
    if (::lstat(file.path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (!is_own && !HasEnded(file.path)) continue;
    file.size = static_cast<uint64_t>(status.st_size);
    file.written_unix_us =
        TimeDelta::Seconds(status.st_mtim.tv_sec).us() + status.st_mtim.tv_nsec / kNanosPerMicro;
    files.push_back(std::move(file));
  }
  // By their beginnings, whoever wrote them.
  std::ranges::sort(files, {}, [](const LogFile& file) {
    return std::string_view(file.name).substr(file.name.find('.'));
  });
  return files;
}

}  // namespace confab::observe
