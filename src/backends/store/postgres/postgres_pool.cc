#include "backends/store/postgres/postgres_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

namespace confab::store {
namespace {

std::unexpected<StoreError> Ending() {
  return FailStore(StoreFault::kUnavailable,
                   "The database is being closed because the process ends: ask another instance");
}

std::unexpected<StoreError> TooMany() {
  return FailStore(StoreFault::kBusy, "Too many calls wait for PostgreSQL; try again in a moment");
}

}  // namespace

PostgresPool::PostgresPool(asio::io_context& io, ConnectionParameters parameters,
                           PostgresOptions options)
    : io_(io),
      parameters_(std::move(parameters)),
      options_(std::move(options)),
      back_off_(options_.first_pause, options_.most_pause) {}

asio::awaitable<PostgresPool::Outcome> PostgresPool::Transact(std::vector<Statement> statements,
                                                              Turn turn) {
  const auto self = shared_from_this();
  if (is_stopped_) co_return Ending();
  const auto valid = CheckStatements(statements);
  if (!valid) co_return std::unexpected(valid.error());
  const auto call = std::make_shared<Call>(io_.get_executor(), std::move(statements));
  if (const auto out = waiting_.Add(call, turn)) Finish(*out, TooMany());
  Employ();
  co_await call->done.Wait(options_.wait_limit);
  if (!call->done.is_set() && waiting_.Remove(call)) {
    co_return std::unexpected(WaitedTooLong());
  }
  co_await call->done.Wait();
  co_return std::move(*call->outcome);
}

StoreError PostgresPool::WaitedTooLong() const {
  if (trouble_.empty()) {
    return {StoreFault::kBusy, "All connections to PostgreSQL are at work; try again in a moment"};
  }
  return {StoreFault::kUnavailable, fmt::format("{}; try again later", trouble_)};
}

void PostgresPool::Finish(Call& call, Outcome outcome) {
  call.outcome = std::move(outcome);
  call.done.Set();
}

void PostgresPool::Stop() {
  is_stopped_ = true;
  for (const auto& call : waiting_.TakeAll()) Finish(*call, Ending());
  for (const auto& slot : slots_) {
    slot->wake.Set();
    if (slot->connection) slot->connection->Stop();
  }
}

DatabaseStatus PostgresPool::status() const {
  const auto open =
      std::ranges::count_if(slots_, [](const auto& slot) { return slot->connection != nullptr; });
  return {.is_up = trouble_.empty(),
          .reason = trouble_,
          .waiting = waiting_.size(),
          .open_connections = static_cast<size_t>(open)};
}

void PostgresPool::Employ() {
  if (waiting_.empty() || is_stopped_) return;
  const auto idle = std::ranges::find_if(slots_, [](const auto& slot) { return slot->is_idle; });
  if (idle != slots_.end()) {
    (*idle)->is_idle = false;
    (*idle)->wake.Set();
    return;
  }
  if (slots_.size() >= options_.max_connections) return;
  // While the server refuses, and just after it, those that are there are enough.
  const bool may_grow = trouble_.empty() && Clock::now() >= may_connect_at_;
  if (slots_.empty() || may_grow) StartSlot();
}

void PostgresPool::StartSlot() {
  const auto slot = std::make_shared<Slot>(io_.get_executor());
  slots_.push_back(slot);
  asio::co_spawn(io_, Serve(shared_from_this(), slot), asio::detached);
}

asio::awaitable<void> PostgresPool::Serve(std::shared_ptr<PostgresPool> self,
                                          std::shared_ptr<Slot> slot) {
  co_await self->ServeUntilDone(*slot);
  slot->connection.reset();
  self->slots_.remove(slot);
  // What came while the slot was on its way out.
  self->Employ();
}

asio::awaitable<void> PostgresPool::ServeUntilDone(Slot& slot) {
  bool is_wanted = true;
  // One co_await a statement: GCC 12 loses track of conditions that hold one.
  while (is_wanted && !is_stopped_) {
    if (waiting_.empty()) {
      is_wanted = co_await AwaitWork(slot);
    } else if (slot.connection && slot.connection->IsUsable()) {
      co_await WorkOnOne(slot);
    } else {
      is_wanted = co_await KeepConnected(slot);
    }
  }
}

asio::awaitable<bool> PostgresPool::AwaitWork(Slot& slot) {
  if (!slot.connection) co_return false;
  slot.wake.Reset();
  slot.is_idle = true;
  co_await slot.wake.Wait(options_.idle_limit);
  slot.is_idle = false;
  co_return slot.wake.is_set();
}

asio::awaitable<void> PostgresPool::WorkOnOne(Slot& slot) {
  const std::shared_ptr<Call> call = waiting_.TakeFirst();
  // A second call that came meanwhile finds a slot of its own.
  Employ();
  Outcome outcome = co_await slot.connection->Transact(call->statements);
  if (outcome) trouble_.clear();
  Finish(*call, std::move(outcome));
}

asio::awaitable<bool> PostgresPool::KeepConnected(Slot& slot) {
  slot.connection.reset();
  if (const auto now = Clock::now(); now < may_connect_at_) {
    if (slots_.size() > 1) co_return false;
    const auto pause = std::chrono::duration_cast<std::chrono::microseconds>(may_connect_at_ - now);
    slot.wake.Reset();
    co_await slot.wake.Wait(TimeDelta::Micros(pause.count()));
    co_return !is_stopped_;
  }
  slot.connection = std::make_unique<PostgresConnection>(io_.get_executor(), options_);
  const auto connected = co_await slot.connection->Connect(parameters_);
  if (connected) {
    // Others have waited for the server, too: the first connection is left to each.
    if (is_away_) may_connect_at_ = Clock::now() + ToChrono(options_.settling);
    is_away_ = false;
    back_off_.Reset();
    trouble_.clear();
    // This one takes the first that waits; for a second there may be a connection too, now.
    if (waiting_.size() > 1) Employ();
    co_return true;
  }
  slot.connection.reset();
  is_away_ = true;
  trouble_ = connected.error().message;
  may_connect_at_ = Clock::now() + ToChrono(back_off_.Next(random_));
  co_return true;
}

}  // namespace confab::store
