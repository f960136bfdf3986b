#include "app/token/stored_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "app/token/api_key_rows.h"
#include "auth/unix_time.h"
#include "backends/store/limits.h"
#include "backends/store/unix_micros.h"

namespace confab::app {
namespace {

// A call whose answer was lost is asked again, which changes nothing twice.
constexpr int kTries = 3;

// What is away after kMaxWait is for the person at the terminal to know.
bool IsWorthRepeating(store::StoreFault fault) {
  return fault == store::StoreFault::kPerhapsDone || fault == store::StoreFault::kBusy;
}

Error Away(const store::StoreError& error) {
  return {ErrorCode::kUnavailable,
          fmt::format("The store of store.url cannot be used: {}", error.message)};
}

}  // namespace

template <typename T>
store::StoreResult<T> StoredKeys::Ask(asio::awaitable<store::StoreResult<T>> question) {
  std::optional<store::StoreResult<T>> answer;
  asio::co_spawn(io_, std::move(question),
                 [&](const std::exception_ptr&, store::StoreResult<T> result) {
                   answer.emplace(std::move(result));
                 });
  // A database on a thread of its own answers from there. Every call has a limit in time.
  const auto waiting = asio::make_work_guard(io_);
  io_.restart();
  while (!answer) io_.run_one();
  return std::move(*answer);
}

Result<std::unique_ptr<StoredKeys>> StoredKeys::Open(const store::StoreOptions& options) {
  std::unique_ptr<StoredKeys> keys(new StoredKeys());  // make_unique cannot reach the constructor
  auto store = store::MakeStore(keys->io_, options);
  if (!store) return std::unexpected(store.error());
  keys->store_ = std::move(*store);
  for (int i = 1;; ++i) {
    const int64_t now_us = auth::UnixSeconds() * store::kMicrosPerSecond;
    const auto prepared = keys->Ask(keys->store_->Prepare(now_us));
    if (prepared) return keys;
    if (!IsWorthRepeating(prepared.error().fault) || i == kTries) {
      return std::unexpected(Away(prepared.error()));
    }
  }
}

Result<auth::ApiKey> StoredKeys::Add(auth::NewApiKey wanted, int64_t now_s) {
  const auto key = auth::MakeApiKey(std::move(wanted), now_s);
  if (!key) return std::unexpected(key.error());
  using Added = store::ApiKeyStore::Added;
  store::StoreResult<Added> added = Added::kIdTaken;
  for (int i = 0; i < kTries; ++i) {
    added = Ask(store_->api_keys().Add(ToRow(*key)));
    if (added || !IsWorthRepeating(added.error().fault)) break;
  }
  if (!added) return std::unexpected(Away(added.error()));
  switch (*added) {
    case Added::kAdded: return *key;
    case Added::kTooMany:
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("There are {} API keys already, more are not allowed: remove one.",
                              store::kMaxApiKeys));
    case Added::kIdTaken: break;  // of 128 random bits
  }
  return Fail(ErrorCode::kInternal, "Another API key has this id: try again.");
}

Result<std::vector<auth::ApiKey>> StoredKeys::All() {
  const auto rows = Ask(store_->api_keys().All());
  if (!rows) return std::unexpected(Away(rows.error()));
  return ReadRows(*rows);
}

Result<void> StoredKeys::Remove(const std::string& id) {
  const auto keys = All();
  if (!keys) return std::unexpected(keys.error());
  if (std::ranges::find(*keys, id, &auth::ApiKey::id) == keys->end()) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("There is no API key {}: `confab token key list` shows them.", id));
  }
  store::StoreResult<void> removed;
  for (int i = 0; i < kTries; ++i) {
    removed = Ask(store_->api_keys().Remove(id));
    if (removed || !IsWorthRepeating(removed.error().fault)) break;
  }
  if (!removed) return std::unexpected(Away(removed.error()));
  return {};
}

}  // namespace confab::app
