#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace confab::observe {

// Finished lines on their way to one output, which has a thread of its own: a slow disk or terminal
// holds up nobody. Any thread may push. The destructor writes what waits.
class LineQueue {
 public:
  struct Options {
    // Where whole lines go, from the queue's thread, several at once. Required.
    std::function<void(std::string_view lines)> output;
    // The line, without its newline, that says so many were dropped. Required.
    std::function<std::string(uint64_t count)> drop_notice;
    // Lines that wait; beyond, the oldest is dropped, counted, and the notice is written.
    size_t max_waiting_lines = 8192;
  };

  explicit LineQueue(Options options);
  ~LineQueue();
  LineQueue(const LineQueue&) = delete;
  LineQueue& operator=(const LineQueue&) = delete;

  // A line without its newline. Waits for nothing but a short lock.
  void Push(std::string line);
  // Returns when everything queued before has been given to the output.
  void Flush();
  uint64_t dropped_lines() const;

 private:
  void Run();
  std::string TakeWaiting(std::unique_lock<std::mutex>& lock);

  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable flushed_;
  std::deque<std::string> waiting_;  // guarded by mutex_, as is all below
  uint64_t dropped_ = 0;
  uint64_t reported_drops_ = 0;
  bool is_writing_ = false;
  bool is_stopping_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace confab::observe
