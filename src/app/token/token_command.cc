#include "app/token/token_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>

#include "app/serve/places.h"
#include "app/token/authority_options.h"
#include "app/token/token_show.h"
#include "auth/api_keys.h"
#include "auth/authority.h"
#include "auth/unix_time.h"
#include "auth/words.h"

namespace confab::app {
namespace {

namespace fs = std::filesystem;

TokenOutcome Failed(const Error& error) {
  return {.status = 1, .text = error.message + '\n'};
}

TokenOutcome Printed(const Result<std::string>& token) {
  return token ? TokenOutcome{.status = 0, .text = *token + '\n'} : Failed(token.error());
}

// When the token is to expire; 0: as the server does.
int64_t ExpiryOf(const TokenRun& run, int64_t now_s) {
  return run.minutes == 0 ? 0 : now_s + int64_t{run.minutes} * 60;
}

TokenOutcome Join(const TokenRun& run, auth::Authority& authority, int64_t now_s) {
  auth::JoinClaims claims = run.join;
  claims.expires_at_s = ExpiryOf(run, now_s);
  // Who says moderator means it; the role alone is for logs and the interface.
  if (claims.role == "moderator") claims.grants.moderate = true;
  return Printed(authority.SignJoin(std::move(claims), now_s));
}

TokenOutcome Api(const TokenRun& run, auth::Authority& authority, int64_t now_s) {
  auth::ApiClaims claims{.subject = run.subject,
                         .scopes = run.scopes,
                         .room = run.room,
                         .expires_at_s = ExpiryOf(run, now_s)};
  return Printed(authority.SignApi(std::move(claims), now_s));
}

TokenOutcome NewKey(const TokenRun& run, const fs::path& file, int64_t now_s) {
  auth::NewApiKey wanted{.scopes = run.scopes, .room = run.room};
  if (wanted.scopes.empty()) wanted.scopes.emplace_back(auth::ApiKey::kMintJoin);
  const auto key = auth::AddApiKey(file, std::move(wanted), now_s);
  if (!key) return Failed(key.error());
  return {.status = 0,
          .text = fmt::format("id      {}\nsecret  {}\nscopes  {}\n{}"
                              "Keep the secret now: it is not shown again. Servers know the key "
                              "when it is first used.\n",
                              key->id, key->secret, auth::JoinScopes(key->scopes),
                              key->room.empty() ? "" : fmt::format("room    {}\n", key->room))};
}

TokenOutcome ListKeys(const fs::path& file) {
  const auto keys = auth::ReadApiKeys(file);
  if (!keys) return Failed(keys.error());
  std::string text =
      keys->empty() ? "There are no API keys: make one with `confab token key new`.\n" : "";
  for (const auth::ApiKey& key : *keys) {
    text += fmt::format("{}  {:%F}  {}{}\n", key.id, fmt::gmtime(key.created_at_s),
                        auth::JoinScopes(key.scopes),
                        key.room.empty() ? "" : fmt::format("  (room {})", key.room));
  }
  return {.status = 0, .text = std::move(text)};
}

TokenOutcome RemoveKey(const TokenRun& run, const fs::path& file) {
  const auto removed = auth::RemoveApiKey(file, run.key_id);
  if (!removed) return Failed(removed.error());
  return {
      .status = 0,
      .text = fmt::format("{} is removed. Its tokens are refused within a minute.\n", run.key_id)};
}

}  // namespace

TokenOutcome RunToken(const TokenRun& run, const fs::path& data_dir, int64_t now_s) {
  const auth::Authority::Options options = AuthorityOptions(data_dir);
  switch (run.action) {
    case TokenRun::Action::kKeyNew: return NewKey(run, options.api_keys, now_s);
    case TokenRun::Action::kKeyList: return ListKeys(options.api_keys);
    case TokenRun::Action::kKeyRemove: return RemoveKey(run, options.api_keys);
    case TokenRun::Action::kJoin:
    case TokenRun::Action::kApi:
    case TokenRun::Action::kShow: break;
  }
  const auto authority = auth::Authority::Open(options, now_s);
  if (!authority) return Failed(authority.error());
  if (run.action == TokenRun::Action::kJoin) return Join(run, **authority, now_s);
  if (run.action == TokenRun::Action::kApi) return Api(run, **authority, now_s);
  return ShowToken(run.token, **authority, now_s);
}

int TokenCommand(const TokenRun& run, const Config& config) {
  const auto data_dir = ResolveDataDir(config.data_dir);
  if (!data_dir) {
    fmt::print(stderr, "confab: {}\n", data_dir.error().message);
    return 2;
  }
  const TokenOutcome outcome = RunToken(run, *data_dir, auth::UnixSeconds());
  const bool is_output = outcome.status == 0 || run.action == TokenRun::Action::kShow;
  fmt::print(is_output ? stdout : stderr, "{}{}", is_output ? "" : "confab: ", outcome.text);
  return outcome.status;
}

}  // namespace confab::app
