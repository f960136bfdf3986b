#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace confab::observe {

// The files of one folder of logs, as their names tell of them:
// `<role>-<instance>.<UTC of its beginning>.jsonl`, for example
// `media-media-1.20261129T064413.123456Z.jsonl`.

// Who writes: role and instance, reduced to what every file system and shell takes ([a-z0-9_-]).
std::string LogWriterName(std::string_view role, std::string_view instance);
std::string LogFileName(std::string_view writer_name, int64_t unix_us);

// A file that is there already.
struct LogFile {
  std::string path;
  std::string name;  // within the folder; of one writer the later sorts after the earlier
  uint64_t size = 0;
  int64_t written_unix_us = 0;  // last
};

// Whose files are counted, and removed when there are too many.
enum class Heritage : uint8_t {
  kOwn,    // the writer's of this name, earlier processes' too
  kEnded,  // those too of the same role whose process has ended: where names are random, nobody
           // else ever removes them
};

// The oldest first. What cannot be read is left out.
std::vector<LogFile> FindLogFiles(const std::string& folder, std::string_view role,
                                  std::string_view writer_name, Heritage heritage);

}  // namespace confab::observe
