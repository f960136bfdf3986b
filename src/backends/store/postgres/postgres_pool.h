#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backends/store/call_queue.h"
#include "backends/store/database.h"
#include "backends/store/postgres/postgres_connection.h"
#include "backends/store/postgres/postgres_options.h"
#include "base/back_off.h"
#include "net/event.h"

namespace confab::store {

// The connections to one database, at most max_connections, and the calls that wait for one, each
// for at most wait_limit. A connection is made when a call has none to
// go to, and closed when it had no work for idle_limit. While the server cannot be reached, one
// connection at a time tries again, after a pause that grows; that one alone works on what has
// waited, because the pools of other processes come back at the same moment and the server may not
// have connections for the bursts of all.
//
// Shared by PostgresDatabase, the coroutines that work and those that wait: each may be the last.
// One thread, that of the io_context.
class PostgresPool : public std::enable_shared_from_this<PostgresPool> {
 public:
  PostgresPool(asio::io_context& io, ConnectionParameters parameters, PostgresOptions options);

  asio::awaitable<StoreResult<std::vector<Rows>>> Transact(std::vector<Statement> statements,
                                                           Turn turn);
  // Everything that waits or is under way fails, and the connections are closed.
  void Stop();
  DatabaseStatus status() const;

 private:
  using Clock = std::chrono::steady_clock;
  using Outcome = StoreResult<std::vector<Rows>>;
  struct Call {
    Call(const asio::any_io_executor& executor, std::vector<Statement> wanted)
        : statements(std::move(wanted)), done(executor) {}
    std::vector<Statement> statements;
    std::optional<Outcome> outcome;
    net::Event done;
  };
  // A place for one connection, kept by a coroutine: Serve.
  struct Slot {
    explicit Slot(const asio::any_io_executor& executor) : wake(executor) {}
    net::Event wake;
    std::unique_ptr<PostgresConnection> connection;
    bool is_idle = false;
  };

  static void Finish(Call& call, Outcome outcome);
  StoreError WaitedTooLong() const;

  // Sees that somebody works on what waits.
  void Employ();
  void StartSlot();
  // A coroutine of the pool's; `self` keeps it.
  static asio::awaitable<void> Serve(std::shared_ptr<PostgresPool> self,
                                     std::shared_ptr<Slot> slot);
  asio::awaitable<void> ServeUntilDone(Slot& slot);
  // false: the slot is to be given up.
  asio::awaitable<bool> KeepConnected(Slot& slot);
  asio::awaitable<bool> AwaitWork(Slot& slot);
  asio::awaitable<void> WorkOnOne(Slot& slot);

  asio::io_context& io_;
  ConnectionParameters parameters_;
  PostgresOptions options_;
  CallQueue<Call> waiting_;
  std::list<std::shared_ptr<Slot>> slots_;
  SecureRandom random_;
  BackOff back_off_;
  Clock::time_point may_connect_at_;
  bool is_away_ = false;  // the last attempt to connect failed
  std::string trouble_ = "nothing was asked of it yet";
  bool is_stopped_ = false;
};

}  // namespace confab::store
