#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "services/signaling/media/media_client.h"

namespace confab::signaling {

// The media of one room: its router at the instance that has it, under the epoch of its lease (0:
// without leases). Every command gets both here and nowhere else. A value for the moment: valid as
// long as the client, and to be taken anew after each co_await.
class RoomMedia {
 public:
  // `scope`: for whom its commands are given.
  RoomMedia(MediaClient& client, std::string router_id, int64_t epoch, CallScope scope = {})
      : client_(client),
        router_id_(std::move(router_id)),
        epoch_(epoch),
        scope_(std::move(scope)) {}

  bool is_up() const { return client_.is_up(); }

  auto CreateTransport(media::v1::CreateTransportRequest request) {
    return client_.CreateTransport(Address(std::move(request)), scope_);
  }
  auto ConnectTransport(media::v1::ConnectTransportRequest request) {
    return client_.ConnectTransport(Address(std::move(request)), scope_);
  }
  auto CreatePlainTransport(media::v1::CreatePlainTransportRequest request) {
    return client_.CreatePlainTransport(Address(std::move(request)), scope_);
  }
  auto ConnectPlainTransport(media::v1::ConnectPlainTransportRequest request) {
    return client_.ConnectPlainTransport(Address(std::move(request)), scope_);
  }
  auto RestartIce(media::v1::RestartIceRequest request) {
    return client_.RestartIce(Address(std::move(request)), scope_);
  }
  auto Produce(media::v1::ProduceRequest request) {
    return client_.Produce(Address(std::move(request)), scope_);
  }
  auto Consume(media::v1::ConsumeRequest request) {
    return client_.Consume(Address(std::move(request)), scope_);
  }
  auto Pause(media::v1::MediaIds ids) { return client_.Pause(Address(std::move(ids)), scope_); }
  auto Resume(media::v1::MediaIds ids) { return client_.Resume(Address(std::move(ids)), scope_); }
  auto RequestKeyFrame(media::v1::MediaIds ids) {
    return client_.RequestKeyFrame(Address(std::move(ids)), scope_);
  }
  auto Close(media::v1::CloseRequest request) {
    return client_.Close(Address(std::move(request)), scope_);
  }
  auto CloseRouter() {
    media::v1::CloseRequest request;
    request.set_router(true);
    return Close(std::move(request));
  }
  // These transports, and the router if nobody else's are on it: see router_left.
  auto CloseOwn(const std::vector<std::string>& transport_ids) {
    media::v1::CloseRequest request;
    request.set_router(true);
    request.set_only_if_empty(true);
    request.mutable_transport_ids()->Add(transport_ids.begin(), transport_ids.end());
    return Close(std::move(request));
  }
  auto Stats(media::v1::StatsRequest request) {
    return client_.Stats(Address(std::move(request)), scope_);
  }

 private:
  template <typename Request>
  Request Address(Request request) const {
    request.set_router_id(router_id_);
    request.set_epoch(epoch_);
    return request;
  }

  MediaClient& client_;
  const std::string router_id_;
  const int64_t epoch_;
  const CallScope scope_;
};

}  // namespace confab::signaling
