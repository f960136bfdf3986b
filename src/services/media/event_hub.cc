#include "services/media/event_hub.h"

#include <chrono>

namespace confab::media {

// One reader. Its own lock orders Publish, the write callbacks and Finish.
class EventStream final : public grpc::ServerWriteReactor<pb::Event> {
 public:
  explicit EventStream(EventHub& hub) : hub_(&hub) {}

  void Push(const pb::Event& event) {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    if (queue_.size() >= EventHub::kMaxQueued) {
      DropLocked();
      return FinishLocked({grpc::StatusCode::RESOURCE_EXHAUSTED, "events are read too slowly"});
    }
    queue_.push_back(event);
    GoOnLocked();
  }

  // What waits is written before.
  void End(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    FinishLocked(status);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    queue_.pop_front();
    if (!ok) DropLocked();
    if (!ok && !finished_) return FinishLocked(grpc::Status::CANCELLED);
    GoOnLocked();
  }

  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    DropLocked();
    FinishLocked(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    hub_->Remove(this);
    delete this;  // gRPC's rule: a reactor that it was given ends here
  }

 private:
  // Writes what is next; behind the last one it finishes, if it is to. A finished stream has
  // nothing to write, and nobody comes here again.
  void GoOnLocked() {
    if (writing_) return;
    if (!queue_.empty()) {
      writing_ = true;
      StartWrite(&queue_.front());
    } else if (finished_) {
      Finish(status_);
    }
  }
  // What waits; the one that is being written is gRPC's.
  void DropLocked() { queue_.resize(writing_ ? 1 : 0); }
  void FinishLocked(const grpc::Status& status) {
    if (finished_) return;
    finished_ = true;
    status_ = status;
    GoOnLocked();
  }

  EventHub* hub_;
  std::mutex mutex_;
  std::deque<pb::Event> queue_;  // the front is being written while writing_
  bool writing_ = false;
  bool finished_ = false;  // takes nothing more
  grpc::Status status_;
};

grpc::ServerWriteReactor<pb::Event>* EventHub::Open() {
  auto stream = std::make_unique<EventStream>(*this);
  pb::Event ready;
  ready.mutable_ready()->set_instance_id(instance_id_);
  stream->Push(ready);
  const std::lock_guard lock(mutex_);
  if (stopped_) {
    stream->End({grpc::StatusCode::UNAVAILABLE, "the media service is stopping"});
  } else {
    if (load_) stream->Push(*load_);
    streams_.insert(stream.get());
  }
  return stream.release();  // gRPC owns it until OnDone
}

grpc::ServerWriteReactor<pb::Event>* EventHub::Refuse(const grpc::Status& status) {
  auto stream = std::make_unique<EventStream>(*this);
  stream->End(status);
  return stream.release();  // gRPC owns it until OnDone
}

void EventHub::Publish(const pb::Event& event) {
  const std::lock_guard lock(mutex_);
  for (EventStream* stream : streams_) stream->Push(event);
}

void EventHub::PublishLoad(const pb::Event& event) {
  {
    const std::lock_guard lock(mutex_);
    load_ = event;
  }
  Publish(event);
}

void EventHub::Stop(TimeDelta limit) {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  for (EventStream* stream : streams_) {
    stream->End({grpc::StatusCode::UNAVAILABLE, "the media service is stopping"});
  }
  ended_.wait_for(lock, std::chrono::microseconds(limit.us()), [this] { return streams_.empty(); });
}

void EventHub::Remove(EventStream* stream) {
  const std::lock_guard lock(mutex_);
  streams_.erase(stream);
  if (streams_.empty()) ended_.notify_all();
}

}  // namespace confab::media
