#pragma once

#include <memory>
#include <string>

#include "backends/store/store.h"

namespace confab::store {

// As configuration has it.
struct StoreOptions {
  // "sqlite:PATH", or PostgreSQL's "postgresql://…" as libpq takes it. May hold a password.
  std::string url;
  // Of PostgreSQL's user, in place of what the URL says; "": that of the URL.
  std::string password = {};
  // Connections to PostgreSQL at most, 1 to kMaxConnections.
  size_t max_connections = 8;
};

inline constexpr size_t kMaxConnections = 100;

// SQLite's file is opened, and made where there is none; of PostgreSQL nothing is asked yet. Error
// kInvalidConfiguration: a URL that is neither, or a file that cannot be used. `io` must outlive
// the database.
Result<std::unique_ptr<Database>> MakeDatabase(asio::io_context& io, const StoreOptions& options);
// With the repositories.
Result<std::unique_ptr<Store>> MakeStore(asio::io_context& io, const StoreOptions& options);

}  // namespace confab::store
