#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "observe/counter_array.h"
#include "observe/logger.h"
#include "observe/metrics.h"
#include "services/logs/folder_tail.h"
#include "services/logs/log_index.h"

namespace confab::logs {

// The logs of a folder, read into an index. Lives on one thread, which its reads block for some
// milliseconds; numbers for /metrics may be read from it alone.
class LogSource {
 public:
  // Of the services that are listed for choosing; a name beyond is found by its filter all the
  // same.
  static constexpr size_t kMaxServices = 64;

  LogSource(std::filesystem::path folder, observe::Logger logger,
            observe::MetricsRegistry& metrics);

  struct News {
    std::vector<EntryPtr> entries;  // in the order of their times
    bool has_more = false;          // call again at once
  };
  News Read(const ReadTime& time);

  const LogIndex& index() const { return index_; }
  // A sentence where the folder cannot be read; else "".
  const std::string& problem() const { return problem_; }
  // What a reader is told beside the lines, as a JSON object.
  std::string StatusJson() const;

 private:
  void AddMetrics(observe::MetricsRegistry& metrics);
  void Note(const Result<FolderTail::Turn>& turn);

  FolderTail folder_;
  LogIndex index_;
  observe::Logger logger_;
  observe::CounterArray<Damage, kDamageCount> lines_;
  std::set<std::string> services_;
  std::string problem_;
  std::vector<std::shared_ptr<void>> sampled_;  // keeps the metrics registered
};

}  // namespace confab::logs
