#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <memory>
#include <mutex>

#include "confab/media/v1/media.grpc.pb.h"
#include "net/asio.h"

namespace confab::signaling {

class MediaClient;

// One opening of the media service's event stream. Reads one event at a time: the next is asked for
// when the io_context has handled the one before, so nothing piles up here. Keeps itself alive
// until gRPC is done with it. The client calls Start and Close on the io_context's thread and
// outlives the reader's use of it.
class MediaEventReader final : public grpc::ClientReadReactor<media::v1::Event>,
                               public std::enable_shared_from_this<MediaEventReader> {
 public:
  explicit MediaEventReader(MediaClient& client) : client_(client) {}

  void Start();
  // No event and no end is reported from now on.
  void Close();

 private:
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void Deliver();
  void Release();

  MediaClient& client_;
  grpc::ClientContext context_;
  media::v1::EventsRequest request_;
  media::v1::Event event_;
  std::shared_ptr<MediaEventReader> self_;  // until OnDone

  std::mutex mutex_;
  bool is_closed_ = false;      // guarded by mutex_
  bool is_delivering_ = false;  // guarded by mutex_: an event waits for the io_context
  bool is_released_ = false;    // guarded by mutex_: no further read, OnDone may come
};

}  // namespace confab::signaling
