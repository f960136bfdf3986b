#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

// A key with which another server mints tokens. The secret must be known to check them, so it is
// stored: the caller may seal it before. Whoever reads the database otherwise can sign.
struct ApiKeyRow {
  std::string id;
  std::string secret;
  std::string scopes;  // parted by spaces
  std::string room;    // "": all
  int64_t created_at_us = 0;

  bool operator==(const ApiKeyRow&) const = default;
};

// The API keys of a deployment, at most kMaxApiKeys. Lives on the database's thread; the database
// must outlive it and its calls. Every call may be repeated after kPerhapsDone.
class ApiKeyStore {
 public:
  explicit ApiKeyStore(Database& database) : database_(database) {}

  enum class Added : uint8_t { kAdded, kTooMany, kIdTaken };
  // Repeated with the same id and secret it is kAdded again. Several at once at the limit may pass
  // it by as many.
  asio::awaitable<StoreResult<Added>> Add(ApiKeyRow key);
  // That there was none is no fault.
  asio::awaitable<StoreResult<void>> Remove(std::string id);
  // All, in the order of their ids.
  asio::awaitable<StoreResult<std::vector<ApiKeyRow>>> All();

 private:
  Database& database_;
};

}  // namespace confab::store
