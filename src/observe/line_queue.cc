#include "observe/line_queue.h"

#include <utility>

namespace confab::observe {

LineQueue::LineQueue(Options options) : options_(std::move(options)) {
  thread_ = std::thread([this] { Run(); });
}

LineQueue::~LineQueue() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

uint64_t LineQueue::dropped_lines() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void LineQueue::Push(std::string line) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= options_.max_waiting_lines) {
      waiting_.pop_front();
      ++dropped_;
    }
    waiting_.push_back(std::move(line));
  }
  wake_.notify_one();
}

void LineQueue::Flush() {
  std::unique_lock lock(mutex_);
  flushed_.wait(lock, [this] { return waiting_.empty() && !is_writing_; });
}

std::string LineQueue::TakeWaiting(std::unique_lock<std::mutex>& lock) {
  auto lines = std::exchange(waiting_, {});
  const uint64_t lost = dropped_ - std::exchange(reported_drops_, dropped_);
  is_writing_ = true;
  lock.unlock();
  std::string text;
  if (lost > 0) text = options_.drop_notice(lost) + '\n';
  for (const std::string& line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

void LineQueue::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return !waiting_.empty() || is_stopping_; });
    if (waiting_.empty()) return;
    const std::string text = TakeWaiting(lock);
    options_.output(text);
    lock.lock();
    is_writing_ = false;
    if (waiting_.empty()) flushed_.notify_all();
  }
}

}  // namespace confab::observe
