#include "app/token/token_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <utility>

#include "app/parts/store_options.h"
#include "app/serve/places.h"
#include "app/token/authority_options.h"
#include "app/token/key_command.h"
#include "app/token/token_show.h"
#include "auth/authority.h"
#include "auth/unix_time.h"

namespace confab::app {
namespace {

TokenOutcome Printed(const Result<std::string>& token) {
  return token ? TokenOutcome{.status = 0, .text = *token + '\n'}
               : TokenOutcome::Failed(token.error());
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

std::string TokenToShow(const TokenRun& run, const TokenPlaces& places) {
  const bool is_given = !run.token.empty() && run.token != "-";
  return is_given || places.input == nullptr ? run.token : ReadToken(*places.input);
}

}  // namespace

TokenOutcome RunToken(const TokenRun& run, const TokenPlaces& places, int64_t now_s) {
  const auth::Authority::Options options = AuthorityOptions(places.data_dir);
  const KeyPlaces key_places{.file = options.api_keys, .store = places.store};
  switch (run.action) {
    case TokenRun::Action::kKeyNew: return NewKey(run, key_places, now_s);
    case TokenRun::Action::kKeyList: return ListKeys(key_places);
    case TokenRun::Action::kKeyRemove: return RemoveKey(run, key_places);
    case TokenRun::Action::kJoin:
    case TokenRun::Action::kApi:
    case TokenRun::Action::kShow: break;
  }
  const auto authority = auth::Authority::Open(options, now_s);
  if (!authority) return TokenOutcome::Failed(authority.error());
  if (run.action == TokenRun::Action::kJoin) return Join(run, **authority, now_s);
  if (run.action == TokenRun::Action::kApi) return Api(run, **authority, now_s);
  if (places.store) TakeStoredKeys(*places.store, **authority, now_s);
  return ShowToken(TokenToShow(run, places), **authority, now_s);
}

int TokenCommand(const TokenRun& run, const Config& config) {
  const auto data_dir = ResolveDataDir(config.data_dir);
  if (!data_dir) {
    fmt::print(stderr, "confab: {}\n", data_dir.error().message);
    return 2;
  }
  TokenPlaces places{.data_dir = *data_dir, .input = &std::cin};
  if (IsStoreShared(config)) {
    auto options = StoreOptionsOf(config);
    if (!options) {
      fmt::print(stderr, "confab: {}\n", options.error().message);
      return 2;
    }
    places.store = std::move(*options);
  }
  const TokenOutcome outcome = RunToken(run, places, auth::UnixSeconds());
  const bool is_output = outcome.status == 0 || run.action == TokenRun::Action::kShow;
  fmt::print(is_output ? stdout : stderr, "{}{}", is_output ? "" : "confab: ", outcome.text);
  return outcome.status;
}

}  // namespace confab::app
