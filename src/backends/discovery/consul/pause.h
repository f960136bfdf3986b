#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/asio.h"

namespace confab::discovery {

// Returns when it is over, or the coroutine is cancelled.
inline asio::awaitable<void> Pause(TimeDelta delta) {
  asio::steady_timer timer(co_await asio::this_coro::executor, ToChrono(delta));
  error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace confab::discovery
