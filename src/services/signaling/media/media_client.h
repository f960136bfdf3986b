#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/units.h"
#include "confab/media/v1/media.grpc.pb.h"
#include "net/asio.h"
#include "rpc/call.h"
#include "rpc/call_registry.h"
#include "rpc/caller.h"

namespace confab::signaling {

class MediaEventReader;

template <typename Response>
using MediaCall = rpc::Call<Response>;

// Hears of the media service, on the io_context's thread.
class MediaListener {
 public:
  virtual ~MediaListener() = default;

  enum class Instance : uint8_t { kSame, kNew };
  // The event stream is open: calls are possible. kNew: everything known before is gone.
  virtual void OnMediaUp(Instance instance) = 0;
  // The event stream broke. Calls fail until OnMediaUp.
  virtual void OnMediaDown() = 0;
  // The connection was refused: there is no process any more. Told with every attempt.
  virtual void OnMediaRefused() {}
  virtual void OnMediaEvent(const media::v1::Event& event) = 0;
};

// The media service as coroutines see it: gRPC's callbacks, brought to the io_context's thread.
// Failures carry the media service's own code, or kMediaUnavailable where it does not answer within
// `call_deadline`, its event stream is not open, or the room has left it (kStaleEpoch there). The
// listener and the io_context must outlive the client, which may go at any time but within a call
// to its listener.
class MediaClient {
 public:
  struct Options {
    TimeDelta call_deadline = TimeDelta::Seconds(3);
    TimeDelta lease_deadline = TimeDelta::Seconds(3);  // of Lease
    TimeDelta min_backoff = TimeDelta::Millis(50);     // before the event stream is opened again
    TimeDelta max_backoff = TimeDelta::Millis(250);
  };

  // Shared: gRPC's own way to own a channel. A client without one is never up.
  MediaClient(asio::io_context& io, std::shared_ptr<grpc::Channel> channel, MediaListener& listener,
              Options options);
  // Ends every call; blocks for the moment that this takes.
  ~MediaClient();
  MediaClient(const MediaClient&) = delete;
  MediaClient& operator=(const MediaClient&) = delete;

  // Opens the event stream, and again whenever it breaks.
  void Start();
  bool is_up() const { return is_up_; }
  // Which process it was that was up last: another one has another id. "": none was yet.
  const std::string& process() const { return instance_id_; }

  // `scope`: for whom a call is made, for the media service's log.
  MediaCall<media::v1::RtpCapabilities> RouterCapabilities();
  MediaCall<media::v1::CreateTransportResponse> CreateTransport(
      media::v1::CreateTransportRequest request, const CallScope& scope = {});
  MediaCall<media::v1::ConnectTransportResponse> ConnectTransport(
      media::v1::ConnectTransportRequest request, const CallScope& scope = {});
  MediaCall<media::v1::CreatePlainTransportResponse> CreatePlainTransport(
      media::v1::CreatePlainTransportRequest request, const CallScope& scope = {});
  MediaCall<media::v1::ConnectPlainTransportResponse> ConnectPlainTransport(
      media::v1::ConnectPlainTransportRequest request, const CallScope& scope = {});
  MediaCall<media::v1::IceParameters> RestartIce(media::v1::RestartIceRequest request,
                                                 const CallScope& scope = {});
  MediaCall<media::v1::ProduceResponse> Produce(media::v1::ProduceRequest request,
                                                const CallScope& scope = {});
  MediaCall<media::v1::ConsumeResponse> Consume(media::v1::ConsumeRequest request,
                                                const CallScope& scope = {});
  MediaCall<media::v1::MediaIdsResponse> Pause(media::v1::MediaIds ids,
                                               const CallScope& scope = {});
  MediaCall<media::v1::MediaIdsResponse> Resume(media::v1::MediaIds ids,
                                                const CallScope& scope = {});
  MediaCall<media::v1::MediaIdsResponse> RequestKeyFrame(media::v1::MediaIds ids,
                                                         const CallScope& scope = {});
  MediaCall<media::v1::MediaIdsResponse> Close(media::v1::CloseRequest request,
                                               const CallScope& scope = {});
  MediaCall<media::v1::StatsResponse> Stats(media::v1::StatsRequest request,
                                            const CallScope& scope = {});
  // Made though the event stream is not open: a lease must not end for that.
  MediaCall<media::v1::LeaseResponse> Lease(media::v1::LeaseRequest request);

 private:
  friend class MediaEventReader;
  using Async = media::v1::Media::StubInterface::async_interface;
  template <typename Request, typename Response>
  using Method = rpc::Caller::Method<Async, Request, Response>;

  template <typename Request, typename Response>
  MediaCall<Response> Call(Request request, Method<Request, Response> method,
                           const CallScope& scope);

  void OpenEvents();
  void HandleEvent(const media::v1::Event& event);
  void HandleEventsEnd(const grpc::Status& status);

  asio::io_context& io_;
  MediaListener& listener_;
  Options options_;
  std::unique_ptr<media::v1::Media::Stub> stub_;
  rpc::CallRegistry streams_;  // of events
  rpc::Caller caller_;
  rpc::Caller lease_caller_;
  // Shared with gRPC while the stream is open.
  std::shared_ptr<MediaEventReader> reader_;
  asio::steady_timer reopen_timer_;
  TimeDelta backoff_;
  SecureRandom random_;
  std::string instance_id_;
  bool is_up_ = false;
  // What the timer's handler holds weakly.
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace confab::signaling
