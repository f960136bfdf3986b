#pragma once

#include <cstdint>
#include <span>

#include "backends/store/database.h"
#include "backends/store/migrations/migration.h"

namespace confab::store {

// Brings the schema to the last of these migrations. Each runs once, in a transaction of its own
// under a lock, however many processes try at the same time. May be repeated after any fault.
// kBroken: the database is newer than the program, which must not touch it then.
asio::awaitable<StoreResult<void>> Migrate(Database& database,
                                           std::span<const Migration> migrations, int64_t now_us);

}  // namespace confab::store
