#include "app/token/key_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

#include "app/parts/shared_tokens_part.h"
#include "app/token/stored_keys.h"
#include "auth/api_keys.h"
#include "auth/words.h"

namespace confab::app {
namespace {

int64_t InSeconds(TimeDelta time) {
  return time.us() / 1'000'000;
}

Result<auth::ApiKey> AddKey(auth::NewApiKey wanted, const KeyPlaces& places, int64_t now_s) {
  if (!places.store) return auth::AddApiKey(places.file, std::move(wanted), now_s);
  const auto stored = StoredKeys::Open(*places.store);
  if (!stored) return std::unexpected(stored.error());
  return (*stored)->Add(std::move(wanted), now_s);
}

Result<std::vector<auth::ApiKey>> All(const KeyPlaces& places) {
  auto keys = auth::ReadApiKeys(places.file);
  if (!keys || !places.store) return keys;
  const auto stored = StoredKeys::Open(*places.store);
  if (!stored) return std::unexpected(stored.error());
  auto more = (*stored)->All();
  if (!more) return more;
  for (auth::ApiKey& key : *more) keys->push_back(std::move(key));
  return keys;
}

// From both: a copy that stays would be good.
Result<void> Remove(const std::string& id, const KeyPlaces& places) {
  const Result<void> from_file = auth::RemoveApiKey(places.file, id);
  if (!places.store) return from_file;
  if (!from_file && from_file.error().code != ErrorCode::kNotFound) return from_file;
  const auto stored = StoredKeys::Open(*places.store);
  if (!stored) return std::unexpected(stored.error());
  const Result<void> from_store = (*stored)->Remove(id);
  const bool was_in_file_alone =
      from_file && !from_store && from_store.error().code == ErrorCode::kNotFound;
  return was_in_file_alone ? from_file : from_store;
}

}  // namespace

TokenOutcome NewKey(const TokenRun& run, const KeyPlaces& places, int64_t now_s) {
  auth::NewApiKey wanted{.scopes = run.scopes, .room = run.room};
  if (wanted.scopes.empty()) wanted.scopes.emplace_back(auth::ApiKey::kMintJoin);
  const auto key = AddKey(std::move(wanted), places, now_s);
  if (!key) return TokenOutcome::Failed(key.error());
  const std::string known = places.store
                                ? fmt::format("Every server knows the key within {} seconds.",
                                              InSeconds(SharedTokensPart::kInterval))
                                : "Servers know the key when it is first used.";
  return {
      .status = 0,
      .text = fmt::format("id      {}\nsecret  {}\nscopes  {}\n{}"
                          "Keep the secret now: it is not shown again. {}\n",
                          key->id, key->secret, auth::JoinScopes(key->scopes),
                          key->room.empty() ? "" : fmt::format("room    {}\n", key->room), known)};
}

TokenOutcome ListKeys(const KeyPlaces& places) {
  const auto keys = All(places);
  if (!keys) return TokenOutcome::Failed(keys.error());
  std::string text =
      keys->empty() ? "There are no API keys: make one with `confab token key new`.\n" : "";
  for (const auth::ApiKey& key : *keys) {
    text += fmt::format("{}  {:%F}  {}{}\n", key.id, fmt::gmtime(key.created_at_s),
                        auth::JoinScopes(key.scopes),
                        key.room.empty() ? "" : fmt::format("  (room {})", key.room));
  }
  return {.status = 0, .text = std::move(text)};
}

TokenOutcome RemoveKey(const TokenRun& run, const KeyPlaces& places) {
  const auto removed = Remove(run.key_id, places);
  if (!removed) return TokenOutcome::Failed(removed.error());
  const std::string when =
      places.store
          ? fmt::format(
                "within {} seconds, by a server that the store does not answer "
                "within {}",
                InSeconds(SharedTokensPart::kInterval), InSeconds(SharedTokensPart::kTrust))
          : "within a minute";
  return {.status = 0,
          .text = fmt::format("{} is removed. Its tokens are refused {}.\n", run.key_id, when)};
}

void TakeStoredKeys(const store::StoreOptions& store, auth::Authority& authority, int64_t now_s) {
  authority.ExpectSharedApiKeys();
  const auto stored = StoredKeys::Open(store);
  auto keys = stored ? (*stored)->All() : std::unexpected(stored.error());
  if (!keys) return;
  authority.SetSharedApiKeys(std::move(*keys), now_s + InSeconds(SharedTokensPart::kTrust));
}

}  // namespace confab::app
