#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "backends/store/call_queue.h"
#include "backends/store/database.h"
#include "backends/store/limits.h"
#include "backends/store/sqlite/sqlite_connection.h"
#include "backends/store/sqlite/sqlite_options.h"
#include "net/event.h"

namespace confab::store {

// SQLite on a thread of its own, which takes one call after another. A call waits at most kMaxWait
// for its turn, then at most the options' lock_wait for other processes; the disk itself is waited
// for as long as it takes. What is in work when the database ends is finished; what waits fails.
class SqliteDatabase final : public Database {
 public:
  static Result<std::unique_ptr<SqliteDatabase>> Open(asio::io_context& io,
                                                      const SqliteOptions& options);
  SqliteDatabase(asio::io_context& io, std::unique_ptr<SqliteConnection> connection);
  ~SqliteDatabase() override;

  std::string_view exclusion_sql() const override { return ""; }
  DatabaseStatus status() const override;

 private:
  using Outcome = StoreResult<std::vector<Rows>>;
  // One call. Shared by the coroutine that waits and the thread that works: either may be gone
  // first. The thread writes `outcome` before it posts `done` to the io_context.
  struct Call {
    Call(const asio::any_io_executor& executor, std::vector<Statement> wanted);

    std::vector<Statement> statements;
    std::chrono::steady_clock::time_point came_at;
    Outcome outcome;
    net::Event done;
  };

  asio::awaitable<StoreResult<std::vector<Rows>>> Perform(std::vector<Statement> statements,
                                                          Turn turn) override;
  void Work();
  void Complete(std::shared_ptr<Call> call, Outcome outcome);
  Outcome Execute(const Call& call);

  asio::io_context& io_;
  std::unique_ptr<SqliteConnection> connection_;  // the thread's, once that runs
  mutable std::mutex mutex_;                      // guards what follows
  std::condition_variable wake_;
  CallQueue<Call> waiting_;
  std::string trouble_;  // the last outcome's, where the file was at fault
  bool is_ending_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace confab::store
