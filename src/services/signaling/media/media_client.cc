#include "services/signaling/media/media_client.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <chrono>

#include "rpc/callback_queue.h"
#include "rpc/status.h"
#include "services/signaling/media/media_event_reader.h"
#include "services/signaling/media/media_status.h"

namespace confab::signaling {

namespace pb = media::v1;

namespace {

// What the caller can do is the same: the room's new home is found meanwhile.
void AmendStale(Error& error) {
  if (error.code != ErrorCode::kStaleEpoch) return;
  error = {ErrorCode::kMediaUnavailable,
           "the room's media has moved to another instance; try again in a moment"};
}

}  // namespace

MediaClient::MediaClient(asio::io_context& io, std::shared_ptr<grpc::Channel> channel,
                         MediaListener& listener, Options options)
    : io_(io),
      listener_(listener),
      options_(options),
      stub_(channel ? pb::Media::NewStub(std::move(channel)) : nullptr),
      caller_(io, {.who = std::string(kMediaService),
                   .away = ErrorCode::kMediaUnavailable,
                   .deadline = options.call_deadline,
                   .amend = AmendStale}),
      lease_caller_(io, {.who = std::string(kMediaService),
                         .away = ErrorCode::kMediaUnavailable,
                         .deadline = options.lease_deadline}),
      reopen_timer_(io),
      backoff_(options.min_backoff) {
  rpc::KeepCallbackQueue();
}

MediaClient::~MediaClient() {
  if (reader_) reader_->Close();
  streams_.CancelAndWait();
}

void MediaClient::Start() {
  if (stub_) OpenEvents();
}

template <typename Request, typename Response>
MediaCall<Response> MediaClient::Call(Request request, Method<Request, Response> method,
                                      const CallScope& scope) {
  if (!is_up_) {
    return caller_.Refuse<Response>({ErrorCode::kMediaUnavailable,
                                     "the media service is not reachable; try again in a moment"});
  }
  return caller_.Start(*stub_->async(), method, std::move(request), scope);
}

MediaCall<pb::RtpCapabilities> MediaClient::RouterCapabilities() {
  return Call<pb::GetRouterCapabilitiesRequest, pb::RtpCapabilities>(
      {}, &Async::GetRouterCapabilities, {});
}
MediaCall<pb::CreateTransportResponse> MediaClient::CreateTransport(
    pb::CreateTransportRequest request, const CallScope& scope) {
  return Call<pb::CreateTransportRequest, pb::CreateTransportResponse>(
      std::move(request), &Async::CreateTransport, scope);
}
MediaCall<pb::ConnectTransportResponse> MediaClient::ConnectTransport(
    pb::ConnectTransportRequest request, const CallScope& scope) {
  return Call<pb::ConnectTransportRequest, pb::ConnectTransportResponse>(
      std::move(request), &Async::ConnectTransport, scope);
}
MediaCall<pb::CreatePlainTransportResponse> MediaClient::CreatePlainTransport(
    pb::CreatePlainTransportRequest request, const CallScope& scope) {
  return Call<pb::CreatePlainTransportRequest, pb::CreatePlainTransportResponse>(
      std::move(request), &Async::CreatePlainTransport, scope);
}

MediaCall<pb::ConnectPlainTransportResponse> MediaClient::ConnectPlainTransport(
    pb::ConnectPlainTransportRequest request, const CallScope& scope) {
  return Call<pb::ConnectPlainTransportRequest, pb::ConnectPlainTransportResponse>(
      std::move(request), &Async::ConnectPlainTransport, scope);
}

MediaCall<pb::IceParameters> MediaClient::RestartIce(pb::RestartIceRequest request,
                                                     const CallScope& scope) {
  return Call<pb::RestartIceRequest, pb::IceParameters>(std::move(request), &Async::RestartIce,
                                                        scope);
}
MediaCall<pb::ProduceResponse> MediaClient::Produce(pb::ProduceRequest request,
                                                    const CallScope& scope) {
  return Call<pb::ProduceRequest, pb::ProduceResponse>(std::move(request), &Async::Produce, scope);
}
MediaCall<pb::ConsumeResponse> MediaClient::Consume(pb::ConsumeRequest request,
                                                    const CallScope& scope) {
  return Call<pb::ConsumeRequest, pb::ConsumeResponse>(std::move(request), &Async::Consume, scope);
}
MediaCall<pb::MediaIdsResponse> MediaClient::Pause(pb::MediaIds ids, const CallScope& scope) {
  return Call<pb::MediaIds, pb::MediaIdsResponse>(std::move(ids), &Async::Pause, scope);
}
MediaCall<pb::MediaIdsResponse> MediaClient::Resume(pb::MediaIds ids, const CallScope& scope) {
  return Call<pb::MediaIds, pb::MediaIdsResponse>(std::move(ids), &Async::Resume, scope);
}
MediaCall<pb::MediaIdsResponse> MediaClient::RequestKeyFrame(pb::MediaIds ids,
                                                             const CallScope& scope) {
  return Call<pb::MediaIds, pb::MediaIdsResponse>(std::move(ids), &Async::RequestKeyFrame, scope);
}
MediaCall<pb::MediaIdsResponse> MediaClient::Close(pb::CloseRequest request,
                                                   const CallScope& scope) {
  return Call<pb::CloseRequest, pb::MediaIdsResponse>(std::move(request), &Async::Close, scope);
}
MediaCall<pb::StatsResponse> MediaClient::Stats(pb::StatsRequest request, const CallScope& scope) {
  return Call<pb::StatsRequest, pb::StatsResponse>(std::move(request), &Async::Stats, scope);
}

MediaCall<pb::LeaseResponse> MediaClient::Lease(pb::LeaseRequest request) {
  if (!stub_) {
    return lease_caller_.Refuse<pb::LeaseResponse>(
        {ErrorCode::kMediaUnavailable, "this media instance is not known here"});
  }
  return lease_caller_.Start(*stub_->async(), &Async::Lease, std::move(request));
}

void MediaClient::OpenEvents() {
  reader_ = std::make_shared<MediaEventReader>(*this);
  reader_->Start();
}

void MediaClient::HandleEvent(const pb::Event& event) {
  if (!event.has_ready()) {
    if (is_up_) listener_.OnMediaEvent(event);
    return;
  }
  const std::string& id = event.ready().instance_id();
  const auto instance =
      id == instance_id_ ? MediaListener::Instance::kSame : MediaListener::Instance::kNew;
  instance_id_ = id;
  is_up_ = true;
  backoff_ = options_.min_backoff;
  listener_.OnMediaUp(instance);
}

void MediaClient::HandleEventsEnd(const grpc::Status& status) {
  reader_.reset();
  if (std::exchange(is_up_, false)) listener_.OnMediaDown();
  if (rpc::IsConnectionRefused(status)) listener_.OnMediaRefused();
  // Between half and all of it, so that many instances do not come back in step.
  const int64_t half_us = backoff_.us() / 2;
  const int64_t jitter_us =
      static_cast<int64_t>(random_.U32() % static_cast<uint32_t>(half_us + 1));
  reopen_timer_.expires_after(std::chrono::microseconds(half_us + jitter_us));
  backoff_ = std::min(backoff_ * 2, options_.max_backoff);
  // The client may have gone when the handler's turn comes.
  reopen_timer_.async_wait([this, weak = std::weak_ptr(alive_)](const error_code& error) {
    if (!error && !weak.expired()) OpenEvents();
  });
}

}  // namespace confab::signaling
