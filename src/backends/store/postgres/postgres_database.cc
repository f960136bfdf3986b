#include "backends/store/postgres/postgres_database.h"

#include <utility>

#include "backends/store/postgres/connection_parameters.h"
#include "backends/store/postgres/postgres_pool.h"

namespace confab::store {

Result<std::unique_ptr<PostgresDatabase>> PostgresDatabase::Make(asio::io_context& io,
                                                                 PostgresOptions options) {
  auto parameters = ParseConnectionUrl(options.url);
  if (!parameters) return std::unexpected(std::move(parameters.error()));
  if (!options.password.empty()) (*parameters)["password"] = options.password;
  return std::make_unique<PostgresDatabase>(
      std::make_shared<PostgresPool>(io, std::move(*parameters), std::move(options)));
}

PostgresDatabase::PostgresDatabase(std::shared_ptr<PostgresPool> pool) : pool_(std::move(pool)) {}

PostgresDatabase::~PostgresDatabase() {
  pool_->Stop();
}

asio::awaitable<StoreResult<std::vector<Rows>>> PostgresDatabase::Perform(
    std::vector<Statement> statements, Turn turn) {
  // The pool keeps itself until the call has ended; `this` may be gone by then.
  return pool_->Transact(std::move(statements), turn);
}

std::string_view PostgresDatabase::exclusion_sql() const {
  // Any number that nobody else in this database uses: "confab" in the codes of its letters.
  return "SELECT pg_advisory_xact_lock(109277087330658)";
}

DatabaseStatus PostgresDatabase::status() const {
  return pool_->status();
}

}  // namespace confab::store
