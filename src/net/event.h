#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/asio.h"

namespace confab::net {

// Wakes coroutines of one thread. Stays set until Reset: a Set that comes before the Wait is not
// lost. Must outlive the coroutines that wait for it.
class Event {
 public:
  explicit Event(const asio::any_io_executor& executor) : timer_(executor) {}

  asio::any_io_executor get_executor() { return timer_.get_executor(); }
  bool is_set() const { return is_set_; }
  void Set() {
    is_set_ = true;
    timer_.cancel();
  }
  void Reset() { is_set_ = false; }

  // Returns when set, or when `limit` has passed: is_set() tells which.
  asio::awaitable<void> Wait(TimeDelta limit = TimeDelta::Infinite()) {
    using Clock = std::chrono::steady_clock;
    const auto deadline =
        limit.is_infinite() ? Clock::time_point::max() : Clock::now() + ToChrono(limit);
    while (!is_set_ && Clock::now() < deadline) {
      // One timer for all who wait: it keeps to the shortest limit, and whom it or its moving wakes
      // for nothing waits again. An expired one would wake them without end.
      if (deadline < timer_.expiry() || timer_.expiry() <= Clock::now()) {
        timer_.expires_at(deadline);
      }
      error_code ignored;
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }

 private:
  asio::steady_timer timer_;
  bool is_set_ = false;
};

}  // namespace confab::net
