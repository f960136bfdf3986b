#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backends/store/database.h"
#include "backends/store/postgres/postgres_options.h"

namespace confab::store {

class PostgresPool;

// PostgreSQL through libpq, without blocking. Nothing is asked of the server before the first call:
// that it is away is no error until then. A call ends within wait_limit and call_limit
// (postgres_options.h).
class PostgresDatabase final : public Database {
 public:
  // Error kInvalidConfiguration: the URL is none of PostgreSQL's.
  static Result<std::unique_ptr<PostgresDatabase>> Make(asio::io_context& io,
                                                        PostgresOptions options);
  explicit PostgresDatabase(std::shared_ptr<PostgresPool> pool);
  ~PostgresDatabase() override;

  std::string_view exclusion_sql() const override;
  DatabaseStatus status() const override;

 private:
  asio::awaitable<StoreResult<std::vector<Rows>>> Perform(std::vector<Statement> statements,
                                                          Turn turn) override;

  std::shared_ptr<PostgresPool> pool_;  // shared with its coroutines
};

}  // namespace confab::store
