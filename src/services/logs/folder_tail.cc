#include "services/logs/folder_tail.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>

namespace confab::logs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".jsonl";
constexpr int64_t kNanosPerSecond = 1'000'000'000;

}  // namespace

Result<std::vector<FolderTail::Found>> FolderTail::List() const {
  std::error_code error;
  std::vector<Found> found;
  fs::directory_iterator entries(folder_, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    struct stat status{};
    if (!name.ends_with(kEnding) || lstat(entries->path().c_str(), &status) != 0 ||
        !S_ISREG(status.st_mode)) {
      continue;
    }
    found.push_back(
        {.name = name,
         .state = {status.st_ino, static_cast<uint64_t>(status.st_size)},
         .modified_ns = status.st_mtim.tv_sec * kNanosPerSecond + status.st_mtim.tv_nsec});
  }
  if (error) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("The log folder {} cannot be read ({}): see that it is there and that "
                            "confab may read it, or name another with log.folder.",
                            folder_.string(), error.message()));
  }
  std::ranges::sort(found, std::greater{}, &Found::modified_ns);
  if (found.size() > kMaxFiles) found.resize(kMaxFiles);
  return found;
}

void FolderTail::Follow(const std::vector<Found>& found) {
  std::set<std::string_view> names;
  for (const Found& file : found) names.insert(file.name);
  std::erase_if(tails_, [&](const auto& tail) { return !names.contains(tail.first); });
  uint64_t budget = kMaxBacklogBytes;
  for (const Found& file : found) {
    if (tails_.contains(file.name)) continue;
    uint64_t begin = 0;
    if (is_first_) {  // later, a new file is new from its first line
      const uint64_t taken = std::min({file.state.size, budget, kMaxFileBacklogBytes});
      budget -= taken;
      begin = file.state.size - taken;
    }
    tails_.emplace(file.name, FileTail(folder_ / file.name, file.state, begin));
  }
  is_first_ = false;
}

Result<FolderTail::Turn> FolderTail::Read(const ReadTime& time) {
  const auto found = List();
  if (!found) return std::unexpected(found.error());
  Follow(*found);
  Turn turn;
  size_t left = kMaxTurnBytes;
  for (const Found& file : *found) {
    FileTail& tail = tails_.at(file.name);
    const size_t limit = std::min(left, kMaxFileTurnBytes);
    const size_t count = tail.Read(file.state, limit, time, turn.entries);
    left -= count;
    turn.has_more = turn.has_more || (count > 0 && tail.HasMore(file.state)) ||
                    (limit == 0 && tail.HasMore(file.state));
  }
  return turn;
}

}  // namespace confab::logs
