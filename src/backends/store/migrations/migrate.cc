#include "backends/store/migrations/migrate.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "backends/store/row_reader.h"

namespace confab::store {
namespace {

constexpr std::string_view kCreateTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number bigint NOT NULL PRIMARY KEY, "
    "name text NOT NULL, at_us bigint NOT NULL)";
constexpr std::string_view kNewest =
    "SELECT number FROM schema_migrations ORDER BY number DESC LIMIT 1";
// Refused, and the transaction with it, where another process was faster.
constexpr std::string_view kNote =
    "INSERT INTO schema_migrations (number, name, at_us) VALUES ($1, $2, $3)";

int64_t ReadNumber(RowReader& row) {
  return row.Integer();
}

std::vector<Statement> BeginExclusively(const Database& database) {
  std::vector<Statement> statements;
  if (!database.exclusion_sql().empty()) statements.push_back(Statement(database.exclusion_sql()));
  return statements;
}

// The number of the last migration that was run; 0: none.
asio::awaitable<StoreResult<int64_t>> NewestIn(Database& database) {
  std::vector<Statement> statements = BeginExclusively(database);
  statements.push_back(Statement(kCreateTable));
  statements.push_back(Statement(kNewest));
  auto rows = co_await database.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  const auto newest = ReadOptional(std::move(rows->back()), ReadNumber);
  if (!newest) co_return std::unexpected(newest.error());
  co_return newest->value_or(0);
}

asio::awaitable<StoreResult<void>> RunOne(Database& database, const Migration& migration,
                                          int64_t now_us) {
  std::vector<Statement> statements = BeginExclusively(database);
  statements.push_back(Statement(kNote, {migration.number, std::string(migration.name), now_us}));
  for (const std::string_view sql : migration.statements) statements.push_back(Statement(sql));
  const auto rows = co_await database.Transact(std::move(statements));
  if (rows) co_return StoreResult<void>();
  if (rows.error().fault == StoreFault::kRefused) {
    // Is it the number that is taken, because another process was faster?
    const auto newest = co_await NewestIn(database);
    if (newest && *newest >= migration.number) co_return StoreResult<void>();
  }
  co_return std::unexpected(rows.error());
}

}  // namespace

asio::awaitable<StoreResult<void>> Migrate(Database& database,
                                           std::span<const Migration> migrations, int64_t now_us) {
  const auto newest = co_await NewestIn(database);
  if (!newest) co_return std::unexpected(newest.error());
  const int64_t known = migrations.empty() ? 0 : migrations.back().number;
  if (*newest > known) {
    co_return FailStore(
        StoreFault::kBroken,
        fmt::format("The database has schema {}, this program knows {} at most: run the newer "
                    "program that made it, or restore a backup of before",
                    *newest, known));
  }
  for (const Migration& migration : migrations) {
    if (migration.number <= *newest) continue;
    const auto done = co_await RunOne(database, migration, now_us);
    if (!done) co_return std::unexpected(done.error());
  }
  co_return StoreResult<void>();
}

}  // namespace confab::store
