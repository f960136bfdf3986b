#pragma once

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "net/asio.h"
#include "net/event.h"

namespace confab::app {

// SIGINT and SIGTERM: the first one ends a run in order, the second one at once.
class EndBySignal {
 public:
  explicit EndBySignal(asio::io_context& io)
      : io_(io), signals_(io, SIGINT, SIGTERM), end_(io.get_executor()) {
    WaitForSignal();
  }
  net::Event& end() { return end_; }

 private:
  void WaitForSignal() {
    signals_.async_wait([this](error_code error, int) {
      if (error) return;
      if (end_.is_set()) return io_.stop();
      end_.Set();
      WaitForSignal();
    });
  }

  asio::io_context& io_;
  asio::signal_set signals_;
  net::Event end_;
};

}  // namespace confab::app
