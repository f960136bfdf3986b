#pragma once

#include <boost/asio/steady_timer.hpp>

#include "services/signaling/call/switchboard.h"

namespace confab::signaling {

// Gives each connected participant a new resume token (`resumeToken`) before its last one is too
// old. Lives on the io_context's thread; the switchboard must outlive it.
class TokenRenewal {
 public:
  explicit TokenRenewal(asio::io_context& io, Switchboard& switchboard)
      : switchboard_(switchboard), timer_(io) {}

  void Start() { Wait(); }
  void Stop() { timer_.cancel(); }

  // Renews what is due at `now`.
  void Renew(Timestamp now);

 private:
  void Wait();

  Switchboard& switchboard_;
  asio::steady_timer timer_;
};

}  // namespace confab::signaling
