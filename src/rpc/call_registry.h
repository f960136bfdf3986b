#pragma once

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <mutex>
#include <unordered_set>

namespace confab::rpc {

// The RPCs that are on their way, so that their owner can end them all before it goes. The one
// place of this module that gRPC's threads and ours both touch. Thread-safe.
class CallRegistry {
 public:
  void Add(grpc::ClientContext& context) {
    const std::lock_guard lock(mutex_);
    contexts_.insert(&context);
    if (is_closed_) context.TryCancel();
  }
  // The last thing that a call does.
  void Remove(grpc::ClientContext& context) {
    const std::lock_guard lock(mutex_);
    contexts_.erase(&context);
    if (contexts_.empty()) empty_.notify_all();
  }
  // Blocks until every call has ended, which cancelled ones do at once.
  void CancelAndWait() {
    std::unique_lock lock(mutex_);
    is_closed_ = true;
    for (grpc::ClientContext* context : contexts_) context->TryCancel();
    empty_.wait(lock, [this] { return contexts_.empty(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_set<grpc::ClientContext*> contexts_;
  bool is_closed_ = false;
};

}  // namespace confab::rpc
