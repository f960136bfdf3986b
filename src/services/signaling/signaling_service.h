#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "net/asio.h"
#include "services/signaling/call/signaling_meter.h"
#include "services/signaling/signaling_options.h"

namespace confab::signaling {

// The signaling service: a Socket.IO server under /socket.io/ that keeps rooms and asks the media
// service for transports. Lives on the io_context's thread, as every call to it. The io_context
// must outlive it. Destroy it after Stop() has ended, or when the io_context does not run any more.
class SignalingService {
 public:
  SignalingService(asio::io_context& io, SignalingOptions options);
  ~SignalingService();
  SignalingService(const SignalingService&) = delete;
  SignalingService& operator=(const SignalingService&) = delete;

  // Listens. Rooms have media once SetMedia has named a media service that answers: see status().
  // Returns the port of Socket.IO. Error: kInvalidConfiguration (address), kUnavailable (ports
  // taken).
  Result<uint16_t> Start();
  // All the media services that there are now, to be called with every change.
  void SetMedia(std::vector<discovery::Instance> instances);
  // Tells everyone `serverShutdown`, closes the rooms and the connections. Ends by the deadline.
  asio::awaitable<void> Stop(TimeDelta deadline);

  // Of gRPC; 0: in-process only. After Start.
  uint16_t grpc_port() const;
  // A channel to this service without a socket. After Start.
  std::shared_ptr<grpc::Channel> InProcessChannel(rpc::TokenSource tokens);
  SignalingStatus status() const;
  const SignalingMeter& meter() const;
  // The names of all client events, sorted. For comparing with the documents.
  std::vector<std::string> event_names() const;
  // Of each media service that is known, sorted by id.
  std::vector<MediaInstanceStatus> media_status() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace confab::signaling
