#include "backends/store/api_key_store.h"

#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

// Counts along the index, no further than the limit.
constexpr std::string_view kInsertApiKey =
    "INSERT INTO api_keys (id, secret, scopes, room, created_at_us) "
    "SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS "
    "(SELECT 1 FROM (SELECT id FROM api_keys ORDER BY id LIMIT 1 OFFSET $6) AS beyond) "
    "ON CONFLICT (id) DO NOTHING";
constexpr std::string_view kFindApiKey =
    "SELECT id, secret, scopes, room, created_at_us FROM api_keys WHERE id = $1";
constexpr std::string_view kAllApiKeys =
    "SELECT id, secret, scopes, room, created_at_us FROM api_keys ORDER BY id LIMIT $1";
constexpr std::string_view kRemoveApiKey = "DELETE FROM api_keys WHERE id = $1";

// What several additions at once may have put above the limit is read too.
constexpr int64_t kReadRows = 2 * kMaxApiKeys;

ApiKeyRow ReadKey(RowReader& row) {
  ApiKeyRow key;
  key.id = row.Text();
  key.secret = row.Text();
  key.scopes = row.Text();
  key.room = row.Text();
  key.created_at_us = row.Integer();
  return key;
}

}  // namespace

asio::awaitable<StoreResult<ApiKeyStore::Added>> ApiKeyStore::Add(ApiKeyRow key) {
  const auto valid = InputCheck()
                         .Word("key id", key.id, kMaxIdBytes)
                         .Word("secret", key.secret, kMaxSecretBytes)
                         .Text("scopes", key.scopes, kMaxScopesBytes)
                         .Text("room", key.room, kMaxRoomBytes)
                         .Time("time", key.created_at_us)
                         .result();
  if (!valid) co_return std::unexpected(valid.error());
  std::vector<Statement> statements;
  statements.push_back(
      Statement(kInsertApiKey, {key.id, key.secret, std::move(key.scopes), std::move(key.room),
                                key.created_at_us, kMaxApiKeys - 1}));
  statements.push_back(Statement(kFindApiKey, {key.id}));
  auto rows = co_await database_.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  const auto found = ReadOptional(std::move((*rows)[1]), ReadKey);
  if (!found) co_return std::unexpected(found.error());
  if (!found->has_value()) co_return Added::kTooMany;
  co_return (*found)->secret == key.secret ? Added::kAdded : Added::kIdTaken;
}

asio::awaitable<StoreResult<void>> ApiKeyStore::Remove(std::string id) {
  Statement remove(kRemoveApiKey, {std::move(id)});
  auto rows = co_await database_.Run(std::move(remove));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return StoreResult<void>();
}

asio::awaitable<StoreResult<std::vector<ApiKeyRow>>> ApiKeyStore::All() {
  Statement all(kAllApiKeys, {kReadRows});
  auto rows = co_await database_.Run(std::move(all));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadKey);
}

}  // namespace confab::store
