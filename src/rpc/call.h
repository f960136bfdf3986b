#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "net/asio.h"

namespace confab::rpc {

// The answer to one RPC that has been sent (Caller::Start). Start several, then wait for each: they
// run at the same time. A call whose answer nobody waits for is simply dropped (fire and forget).
// Belongs to the io_context's thread.
template <typename Response>
class Call {
 public:
  struct State {
    explicit State(asio::io_context& io) : done(io) {
      done.expires_at(asio::steady_timer::time_point::max());
    }
    void Finish(Result<Response> outcome) {
      result = std::move(outcome);
      done.cancel();
    }
    asio::steady_timer done;
    std::optional<Result<Response>> result;
    bool is_refused = false;  // the connection was (IsConnectionRefused)
  };

  // Shared with the RPC, whose answer may come after this object has gone.
  explicit Call(std::shared_ptr<State> state) : state_(std::move(state)) {}

  // At most once. Ends at the RPC's deadline at the latest.
  asio::awaitable<Result<Response>> Wait() { return WaitFor(state_); }
  // Once waited for: the call failed because no process listens there.
  bool was_refused() const { return state_->is_refused; }

 private:
  static asio::awaitable<Result<Response>> WaitFor(std::shared_ptr<State> state) {
    while (!state->result) co_await state->done.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return std::move(*state->result);
  }

  std::shared_ptr<State> state_;
};

}  // namespace confab::rpc
