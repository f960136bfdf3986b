#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/store/fault.h"
#include "backends/store/statement.h"
#include "net/asio.h"

namespace confab::store {

// For the health page and the metrics.
struct DatabaseStatus {
  // The last attempt to reach it succeeded.
  bool is_up = false;
  std::string reason;  // why not; "" while it is up
  size_t waiting = 0;  // calls that wait for their turn, at most kMaxWaitingCalls
  size_t open_connections = 0;
};

// When a call has its turn among those that wait: next where people in a call depend on it. Beyond
// kMaxWaitingCalls the one that came last in order gives way.
enum class Turn : uint8_t { kInOrder, kNext };

// SQL without blocking. Lives on one io_context and its thread, as every call to it; the io_context
// must outlive it. It may end while calls that have begun are under way: these fail.
//
// Every call ends within a time that the implementation names. What it acknowledged survives the
// death of this process, of the database and, as far as the disk keeps its promise, a power cut.
// What a fault says about the outcome: StoreFault.
class Database {
 public:
  virtual ~Database() = default;

  // All statements in this order as one transaction, each seeing what the ones before did; the rows
  // of each. Fails as a whole or not at all. One statement alone is a transaction too.
  asio::awaitable<StoreResult<std::vector<Rows>>> Transact(std::vector<Statement> statements,
                                                           Turn turn = Turn::kInOrder) {
    return Perform(std::move(statements), turn);
  }

  // The first statement of a transaction that only one process may be in; "" where transactions
  // that write exclude each other anyway.
  virtual std::string_view exclusion_sql() const = 0;

  virtual DatabaseStatus status() const = 0;

  // One statement.
  asio::awaitable<StoreResult<Rows>> Run(Statement statement);

 private:
  virtual asio::awaitable<StoreResult<std::vector<Rows>>> Perform(std::vector<Statement> statements,
                                                                  Turn turn) = 0;
};

// Nothing where both databases can take the statements, else kRefused: too many statements or
// parameters, text that is no UTF-8 or holds U+0000.
StoreResult<void> CheckStatements(const std::vector<Statement>& statements);

}  // namespace confab::store
