#include "services/logs/live_queue.h"

#include <utility>

namespace confab::logs {

void LiveQueue::Offer(const std::vector<EntryPtr>& entries) {
  for (const EntryPtr& entry : entries) {
    if (!filter_.Matches(*entry)) continue;
    waiting_.push_back(entry);
    bytes_ += entry->text.size();
    while (waiting_.size() > kMaxLines || bytes_ > kMaxBytes) {
      bytes_ -= waiting_.front()->text.size();
      waiting_.pop_front();
      ++dropped_;
    }
  }
}

LiveQueue::Taken LiveQueue::Take() {
  Taken taken{.dropped = std::exchange(dropped_, 0)};
  size_t bytes = 0;
  while (!waiting_.empty() && taken.entries.size() < kMaxTakenLines) {
    const size_t size = waiting_.front()->text.size();
    if (bytes + size > kMaxTakenBytes && !taken.entries.empty()) break;
    bytes += size;
    bytes_ -= size;
    taken.entries.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

}  // namespace confab::logs
