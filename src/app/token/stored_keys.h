#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/api_keys.h"
#include "backends/store/make_store.h"
#include "net/asio.h"

namespace confab::app {

// The API keys in the store that all processes share, for a command that waits for each answer.
// Owns its io_context and runs it.
class StoredKeys {
 public:
  // Brings the schema up to date where nobody has yet. Error: kInvalidConfiguration, kUnavailable.
  static Result<std::unique_ptr<StoredKeys>> Open(const store::StoreOptions& options);

  // Error: as auth::AddApiKey has it, and kUnavailable where the store does not answer.
  Result<auth::ApiKey> Add(auth::NewApiKey wanted, int64_t now_s);
  Result<std::vector<auth::ApiKey>> All();
  // Error: kNotFound, kUnavailable.
  Result<void> Remove(const std::string& id);

 private:
  StoredKeys() = default;
  template <typename T>
  store::StoreResult<T> Ask(asio::awaitable<store::StoreResult<T>> question);

  asio::io_context io_{1};  // outlives the store
  std::unique_ptr<store::Store> store_;
};

}  // namespace confab::app
