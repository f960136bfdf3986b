#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/units.h"
#include "confab/media/v1/media.grpc.pb.h"

namespace confab::media {

namespace pb = ::confab::media::v1;

class EventStream;

// Gives every open Events stream what happens. Any thread may publish.
class EventHub {
 public:
  // Events that wait for a slow reader; beyond, its stream ends with RESOURCE_EXHAUSTED and the
  // reader, who opens it anew, must take everything it knew as lost.
  static constexpr size_t kMaxQueued = 4096;

  explicit EventHub(std::string instance_id) : instance_id_(std::move(instance_id)) {}
  // Of this process: another one has another.
  const std::string& instance_id() const { return instance_id_; }
  // A stream begins with Ready. gRPC deletes the reactor by its OnDone.
  grpc::ServerWriteReactor<pb::Event>* Open();
  // A stream that ends at once with this status.
  grpc::ServerWriteReactor<pb::Event>* Refuse(const grpc::Status& status);
  void Publish(const pb::Event& event);
  // The same, and whoever opens a stream later is told first of all.
  void PublishLoad(const pb::Event& event);
  // Ends all streams behind what has been published, and those that come later at once. Waits until
  // their readers have everything, at most so long.
  void Stop(TimeDelta limit);

 private:
  friend class EventStream;
  void Remove(EventStream* stream);

  const std::string instance_id_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::set<EventStream*> streams_;  // guarded by mutex_; owned by gRPC until OnDone
  std::optional<pb::Event> load_;   // guarded by mutex_
  bool stopped_ = false;
};

}  // namespace confab::media
