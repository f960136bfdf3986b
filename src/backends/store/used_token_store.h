#pragma once

#include <cstdint>
#include <string>

#include "backends/store/database.h"

namespace confab::store {

// Which join tokens were used, over all instances, so that each admits once. Lives on the
// database's thread; the database must outlive it and its calls. Every call may be repeated after
// kPerhapsDone.
class UsedTokenStore {
 public:
  explicit UsedTokenStore(Database& database) : database_(database) {}

  struct Use {
    std::string token_id;
    // Of this attempt to come in: the same where the call is repeated, so that a first use whose
    // answer was lost is still the first.
    std::string use_id;
    int64_t expires_at_us = 0;
  };
  enum class Outcome : uint8_t { kFirst, kAgain };
  // Notes the use of a token that verified.
  asio::awaitable<StoreResult<Outcome>> Take(Use use);
  // The use came to nothing, for example because the room was full: the token may be used again.
  // Does nothing where another use took it.
  asio::awaitable<StoreResult<void>> Release(std::string token_id, std::string use_id);

 private:
  Database& database_;
};

}  // namespace confab::store
