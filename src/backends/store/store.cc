#include "backends/store/store.h"

#include "backends/store/migrations/migrate.h"

namespace confab::store {

asio::awaitable<StoreResult<void>> Store::Prepare(int64_t now_us) {
  co_return co_await Migrate(*database_, Migrations(), now_us);
}

}  // namespace confab::store
