#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backends/store/fault.h"
#include "backends/store/sqlite/sqlite_options.h"
#include "backends/store/statement.h"

struct sqlite3;
struct sqlite3_stmt;

namespace confab::store {

// One open SQLite file, with its prepared statements. Blocks. One thread at a time.
//
// Write-ahead log, synced at every commit (synchronous=FULL): what Transact has acknowledged is on
// the disk.
class SqliteConnection {
 public:
  // Makes the file where there is none, for its owner alone (mode 0600). Error
  // kInvalidConfiguration: it cannot be opened, or is no database.
  static Result<std::unique_ptr<SqliteConnection>> Open(const SqliteOptions& options);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  StoreResult<std::vector<Rows>> Transact(const std::vector<Statement>& statements);

 private:
  struct Closer {
    void operator()(sqlite3* database) const;
  };
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Prepared = std::unique_ptr<sqlite3_stmt, Finalizer>;

  explicit SqliteConnection(sqlite3* database) : database_(database) {}

  StoreResult<void> SetUp(const SqliteOptions& options);
  StoreResult<void> Command(std::string_view sql);
  StoreResult<Rows> Execute(const Statement& statement);
  StoreResult<Rows> Step(sqlite3_stmt* prepared);
  StoreResult<sqlite3_stmt*> Prepare(std::string_view sql);
  // Of the last call.
  StoreError Failed() const;

  std::unique_ptr<sqlite3, Closer> database_;
  std::unordered_map<std::string, Prepared> prepared_;  // by their SQL; at most kMaxPrepared
};

}  // namespace confab::store
