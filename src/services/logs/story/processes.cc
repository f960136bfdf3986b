#include "services/logs/story/processes.h"

#include <algorithm>

namespace confab::logs {

size_t Processes::Find(const LogEntry& entry) {
  if (!entry.file) return kNone;
  const auto known = by_file_.find(entry.file.get());
  if (known != by_file_.end()) return known->second;
  const std::string_view file = *entry.file;
  const std::string_view name = file.substr(0, std::min(file.find('.'), file.size()));
  auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    if (processes_.size() == kMaxProcesses) return kNone;
    found = by_name_.emplace(std::string(name), processes_.size()).first;
    processes_.emplace_back();
  }
  by_file_.emplace(entry.file.get(), found->second);
  return found->second;
}

size_t Processes::Note(const LogEntry& entry) {
  if (entry.file.get() != last_file_) {
    last_found_ = Find(entry);
    last_file_ = entry.file.get();
  }
  const size_t index = last_found_;
  if (index == kNone) return kNone;
  Process& process = processes_[index];
  process.last_us = std::max(process.last_us, entry.time_us);
  if (entry.event.starts_with("service.") && process.changes_us.size() < kMaxStarts &&
      (entry.event == "service.started" || entry.event == "service.stopped")) {
    process.changes_us.push_back(entry.time_us);
  }
  return index;
}

size_t Processes::Of(const LogEntry& entry) const {
  const auto known = by_file_.find(entry.file.get());
  return known == by_file_.end() ? kNone : known->second;
}

bool Processes::IsAnother(size_t process, int64_t from_us, int64_t to_us) const {
  if (process == kNone) return false;
  return std::ranges::any_of(processes_[process].changes_us,
                             [&](int64_t at_us) { return at_us > from_us && at_us <= to_us; });
}

int64_t Processes::last_us(size_t process) const {
  return process == kNone ? 0 : processes_[process].last_us;
}

}  // namespace confab::logs
