#pragma once

#include <cstdint>
#include <memory>

#include "base/error.h"
#include "base/units.h"
#include "net/asio.h"
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

  // Listens, and starts to reach for the media service; whether that answers shows in status().
  // Returns the port. Error: kInvalidConfiguration (address), kUnavailable (ports taken).
  Result<uint16_t> Start();
  // Tells everyone `serverShutdown`, closes the rooms and the connections. Ends by the deadline.
  asio::awaitable<void> Stop(TimeDelta deadline);

  SignalingStatus status() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace confab::signaling
