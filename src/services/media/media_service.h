#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/socket_address.h"
#include "rpc/server.h"
#include "rpc/token.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/session/session.h"
#include "services/media/completion_thread.h"
#include "services/media/control_api.h"
#include "services/media/control_door.h"
#include "services/media/drain.h"
#include "services/media/event_hub.h"
#include "services/media/media_log.h"
#include "services/media/media_status.h"
#include "services/media/state_api.h"
#include "services/media/ticker.h"
#include "services/media/worker_thread.h"

namespace confab::media {

// Without a check everyone is refused.
struct Checks {
  rpc::TokenCheck control;  // confab.media.v1.Media
  rpc::TokenCheck state;    // confab.media.v1.State
};

struct MediaOptions {
  // Local addresses to receive media on, most wanted first. Not empty.
  std::vector<SocketAddress> listen;
  // What clients are told instead (NAT). Empty: the listening addresses.
  std::vector<SocketAddress> announce;
  // Port of the first worker for UDP and TCP; each further one takes the next free port.
  uint16_t port = 40'000;
  size_t workers = 1;
  // Of SRTP; see rtc::DtlsOptions.
  std::vector<rtc::SrtpProfile> srtp_profiles = rtc::DtlsOptions{}.profiles;
  // Where gRPC is listened for; the offers are the service's own affair.
  rpc::ServerOptions grpc;
  // Of every call but the health protocol's.
  Checks checks;
  // What the state tells of this instance.
  StateApi::Identity identity;
  // For all workers together.
  PlainRtpOptions plain_rtp;
  // How long a lease lives without renewal, how many transports there may be, and the log.
  ControlApi::Options control;
};

// The SFU as a service: workers and their gRPC control interface (confab.media.v1). Thread-safe.
class MediaService {
 public:
  static Result<std::unique_ptr<MediaService>> Start(MediaOptions options);
  // Closes every router and tells it to those who follow the events: their rooms go elsewhere at
  // once. Then stops taking calls, ends event streams and workers.
  ~MediaService();

  // A channel to this service without a socket. May outlive it: calls then fail as UNAVAILABLE.
  std::shared_ptr<grpc::Channel> InProcessChannel(rpc::TokenSource tokens);
  // The service without its door, for benchmarks.
  ControlApi& control() { return *api_; }
  // Of gRPC; 0: in-process only.
  uint16_t grpc_port() const { return server_->port(); }
  // The port of each worker, for UDP and TCP.
  std::vector<uint16_t> ports() const;
  bool is_draining() const { return drain_.is_on(); }
  const std::vector<SocketAddress>& announced() const { return announced_; }
  // Asks every worker and waits for the answers, a second at most; nullopt if one does not answer:
  // its loop hangs.
  std::optional<MediaStatus> Status();

 private:
  MediaService();
  Result<void> StartWorkers(const MediaOptions& options);
  Result<void> StartServer(MediaOptions options);
  void CloseRouters();
  void StopWorkers();

  MediaLog log_;
  std::vector<SocketAddress> announced_;
  std::optional<rtc::DtlsCertificate> certificate_;
  std::unique_ptr<EventHub> events_;
  std::unique_ptr<CompletionThread> completions_;
  std::vector<std::unique_ptr<WorkerThread>> workers_;
  Drain drain_;
  std::unique_ptr<ControlApi> api_;
  std::unique_ptr<ControlDoor> door_;
  std::unique_ptr<StateApi> state_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Ticker> sweeps_;  // last: it calls api_
};

}  // namespace confab::media
