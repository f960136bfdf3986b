#include "app/token/api_key_rows.h"

#include <optional>
#include <utility>

#include "auth/words.h"
#include "backends/store/unix_micros.h"

namespace confab::app {
namespace {

std::optional<auth::ApiKey> ReadRow(const store::ApiKeyRow& row) {
  auto scopes = auth::ParseScopes(row.scopes);
  if (!scopes) return {};
  auth::ApiKey key{.id = row.id,
                   .secret = row.secret,
                   .scopes = std::move(*scopes),
                   .room = row.room,
                   .created_at_s = row.created_at_us / store::kMicrosPerSecond};
  if (!auth::CheckApiKey(key)) return {};
  return key;
}

}  // namespace

store::ApiKeyRow ToRow(const auth::ApiKey& key) {
  return {.id = key.id,
          .secret = key.secret,
          .scopes = auth::JoinScopes(key.scopes),
          .room = key.room,
          .created_at_us = key.created_at_s * store::kMicrosPerSecond};
}

std::vector<auth::ApiKey> ReadRows(const std::vector<store::ApiKeyRow>& rows) {
  std::vector<auth::ApiKey> keys;
  for (const store::ApiKeyRow& row : rows) {
    if (auto key = ReadRow(row)) keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace confab::app
