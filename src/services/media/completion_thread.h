#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace confab::media {

// Finishes calls: turns results into messages and hands them to gRPC, so that no worker spends a
// packet's time on it. One thread; what was posted before the destructor still runs.
class CompletionThread {
 public:
  using Job = std::move_only_function<void()>;

  CompletionThread() : thread_([this] { Run(); }) {}
  ~CompletionThread();
  CompletionThread(const CompletionThread&) = delete;
  CompletionThread& operator=(const CompletionThread&) = delete;

  void Post(Job job);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> jobs_;  // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;     // last
};

}  // namespace confab::media
