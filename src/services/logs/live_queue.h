#pragma once

#include <deque>
#include <vector>

#include "services/logs/log_entry.h"
#include "services/logs/log_filter.h"

namespace confab::logs {

// What waits for one live reader. Where it reads too slowly, the oldest lines are dropped, and it
// is told how many: nothing of ours waits for it. Lives on one thread.
class LiveQueue {
 public:
  static constexpr size_t kMaxLines = 4000;
  static constexpr size_t kMaxBytes = 4 * 1024 * 1024;
  // In one message.
  static constexpr size_t kMaxTakenLines = 1000;
  static constexpr size_t kMaxTakenBytes = 1024 * 1024;

  explicit LiveQueue(LogFilter filter) : filter_(std::move(filter)) {}

  // Keeps those that match, in their order.
  void Offer(const std::vector<EntryPtr>& entries);

  struct Taken {
    std::vector<EntryPtr> entries;  // in the order of Offer
    uint64_t dropped = 0;           // before them, since the last Take
  };
  Taken Take();
  bool is_empty() const { return waiting_.empty() && dropped_ == 0; }
  const LogFilter& filter() const { return filter_; }

 private:
  LogFilter filter_;
  std::deque<EntryPtr> waiting_;
  size_t bytes_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace confab::logs
