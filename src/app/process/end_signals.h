#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>

#include "net/asio.h"

namespace confab::app {

// SIGINT and SIGTERM. The first one is told to the io_context, and after `limit`, in whole seconds
// rounded up, the process is gone with the status 1; the second one ends it at once, with the
// status 128 and its number. Both hold whatever the process's threads wait for, the io_context's
// too, and until its last moment, for the handlers do it: they stay when this goes. One a process.
class EndSignals {
 public:
  EndSignals(asio::io_context& io, TimeDelta limit);
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  // Calls `on_first` on the io_context's thread, which has work until then.
  void Wait(std::function<void()> on_first);
  // The end begins without a signal: the limit runs from here, and the first signal is a second.
  static void Begin();

 private:
  asio::posix::stream_descriptor wake_;
};

}  // namespace confab::app
