#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

struct RevocationRow {
  std::string subject;  // whatever the caller revokes: "token:…", "identity:…"
  int64_t expires_at_us = 0;

  bool operator==(const RevocationRow&) const = default;
};

// What is no longer valid although its signature is. Lives on the database's thread; the database
// must outlive it and its calls. Every call may be repeated after kPerhapsDone.
class RevocationStore {
 public:
  explicit RevocationStore(Database& database) : database_(database) {}

  // Until `expires_at_us`, by when what is revoked must have expired by itself; of several for one
  // subject the latest counts.
  asio::awaitable<StoreResult<void>> Revoke(RevocationRow revocation);
  // Whether the subject is revoked at this time.
  asio::awaitable<StoreResult<bool>> IsRevoked(std::string subject, int64_t now_us);
  // All that are in force, in the order of their subjects behind `after`; at most kMaxPageRows. So
  // that an instance can know them while the database is away.
  asio::awaitable<StoreResult<std::vector<RevocationRow>>> Page(std::string after, int64_t now_us,
                                                                int64_t max_rows);

 private:
  Database& database_;
};

}  // namespace confab::store
