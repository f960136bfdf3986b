#include "backends/store/make_store.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "backends/store/postgres/postgres_database.h"
#include "backends/store/sqlite/sqlite_database.h"

namespace confab::store {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

Result<std::unique_ptr<Database>> MakeSqlite(asio::io_context& io, std::string_view path) {
  if (path.empty() || path.starts_with(':') || path.starts_with("//")) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("\"{}{}\" names no file: give sqlite: and a path, such as "
                            "sqlite:/var/lib/confab/confab.db",
                            kSqlite, path));
  }
  const SqliteOptions options{.file = path};
  return SqliteDatabase::Open(io, options);
}

}  // namespace

Result<std::unique_ptr<Database>> MakeDatabase(asio::io_context& io, const StoreOptions& options) {
  const std::string_view url = options.url;
  if (url.starts_with(kSqlite)) return MakeSqlite(io, url.substr(kSqlite.size()));
  if (!url.starts_with("postgresql://") && !url.starts_with("postgres://")) {
    return Fail(ErrorCode::kInvalidConfiguration,
                "The store's URL begins with neither sqlite: nor postgresql://");
  }
  if (options.max_connections < 1 || options.max_connections > kMaxConnections) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("{} connections to PostgreSQL are not possible: give 1 to {}",
                            options.max_connections, kMaxConnections));
  }
  PostgresOptions postgres{.url = options.url, .password = options.password};
  postgres.max_connections = options.max_connections;
  return PostgresDatabase::Make(io, std::move(postgres));
}

Result<std::unique_ptr<Store>> MakeStore(asio::io_context& io, const StoreOptions& options) {
  auto database = MakeDatabase(io, options);
  if (!database) return std::unexpected(std::move(database.error()));
  return std::make_unique<Store>(std::move(*database));
}

}  // namespace confab::store
