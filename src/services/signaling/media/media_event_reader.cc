#include "services/signaling/media/media_event_reader.h"

#include <boost/asio/post.hpp>

#include "services/signaling/media/media_client.h"

namespace confab::signaling {

void MediaEventReader::Start() {
  self_ = shared_from_this();
  client_.streams_.Add(context_);
  client_.stub_->async()->Events(&context_, &request_, this);
  // Between two reads gRPC must not believe that we are done.
  AddHold();
  StartRead(&event_);
  StartCall();
}

void MediaEventReader::Close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  if (is_delivering_) Release();  // the delivery may never run
}

// Holding mutex_.
void MediaEventReader::Release() {
  if (is_released_) return;
  is_released_ = true;
  RemoveHold();
}

void MediaEventReader::OnReadDone(bool ok) {
  const std::lock_guard lock(mutex_);
  if (!ok || is_closed_) {
    Release();
    return;
  }
  is_delivering_ = true;
  asio::post(client_.io_, [self = shared_from_this()] { self->Deliver(); });
}

void MediaEventReader::Deliver() {
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
  }
  client_.HandleEvent(event_);
  const std::lock_guard lock(mutex_);
  is_delivering_ = false;
  if (is_released_) return;
  if (is_closed_) {
    Release();
  } else {
    StartRead(&event_);
  }
}

void MediaEventReader::OnDone(const grpc::Status& status) {
  // Released at the end of this function, unless the io_context still looks at it.
  const std::shared_ptr<MediaEventReader> self = std::move(self_);
  asio::post(client_.io_, [self, status] {
    const bool is_closed = [&] {
      const std::lock_guard lock(self->mutex_);
      return self->is_closed_;
    }();
    if (!is_closed) self->client_.HandleEventsEnd(status);
  });
  client_.streams_.Remove(context_);
}

}  // namespace confab::signaling
