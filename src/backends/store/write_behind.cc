#include "backends/store/write_behind.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

namespace confab::store {
namespace {

// Whether the store may take it later: a full disk is a person's affair, and worth the wait.
bool IsWorthAnotherAttempt(StoreFault fault) {
  return IsPassing(fault) || fault == StoreFault::kFull;
}

}  // namespace

WriteBehind::State::State(const asio::any_io_executor& executor, Options given, OnLoss loss)
    : options(given), on_loss(std::move(loss)), empty(executor), closed(executor) {
  empty.Set();
}

WriteBehind::WriteBehind(asio::io_context& io, Options options, OnLoss on_loss)
    : io_(io), state_(std::make_shared<State>(io.get_executor(), options, std::move(on_loss))) {}

WriteBehind::~WriteBehind() {
  state_->closed.Set();
}

WriteBehind::Added WriteBehind::Add(Write write) {
  if (state_->writes.size() >= state_->options.max_waiting) {
    ++state_->counts.dropped;
    return Added::kDropped;
  }
  state_->writes.push_back(std::move(write));
  state_->empty.Reset();
  if (!std::exchange(state_->is_running, true)) asio::co_spawn(io_, Run(state_), asio::detached);
  return Added::kTaken;
}

asio::awaitable<void> WriteBehind::Flush(TimeDelta limit) {
  const std::shared_ptr<State> state = state_;
  co_await state->empty.Wait(limit);
}

WriteBehind::Status WriteBehind::status() const {
  Status status = state_->counts;
  status.waiting = state_->writes.size();
  return status;
}

asio::awaitable<void> WriteBehind::Run(std::shared_ptr<State> state) {
  while (!state->closed.is_set() && !state->writes.empty()) co_await WriteOne(*state);
  state->is_running = false;
  state->empty.Set();
}

asio::awaitable<void> WriteBehind::WriteOne(State& state) {
  BackOff back_off(state.options.first_pause, state.options.most_pause);
  const Write& write = state.writes.front();  // others are added behind it
  while (!state.closed.is_set()) {
    const StoreResult<void> written = co_await write();
    if (written) {
      ++state.counts.written;
      break;
    }
    if (!IsWorthAnotherAttempt(written.error().fault)) {
      ++state.counts.refused;
      if (state.on_loss && !state.closed.is_set()) state.on_loss(written.error());
      break;
    }
    co_await state.closed.Wait(back_off.Next(state.random));
  }
  state.writes.pop_front();
}

}  // namespace confab::store
