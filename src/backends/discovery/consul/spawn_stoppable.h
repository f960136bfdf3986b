#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

#include "net/asio.h"

namespace confab::discovery {

// Runs `work` until it ends or `stop` is emitted, which reaches it as an exception; then calls
// `on_end`. `owner` holds `stop` and lives one turn longer than the coroutine: Asio looks at the
// signal when the coroutine has ended already.
inline void SpawnStoppable(asio::io_context& io, asio::cancellation_signal& stop,
                           std::shared_ptr<void> owner, asio::awaitable<void> work,
                           std::function<void()> on_end) {
  auto ended = [&io, owner = std::move(owner), on_end = std::move(on_end)](std::exception_ptr) {
    on_end();
    asio::post(io, [owner] {});
  };
  asio::co_spawn(io, std::move(work), asio::bind_cancellation_slot(stop.slot(), std::move(ended)));
}

}  // namespace confab::discovery
