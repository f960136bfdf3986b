#include "app/config/openid_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "auth/grant_words.h"
#include "auth/openid_issuer.h"
#include "auth/words.h"

namespace confab::app {
namespace {

constexpr size_t kMaxGroups = 256;
// In the place of a group: whoever is in none of the others.
constexpr std::string_view kOthers = "*";

struct Role {
  std::string_view name;
  auth::Grants grants;
  std::vector<std::string> scopes;
};
// Without auth.openid.grants and auth.openid.scopes.
using Roles = std::array<Role, 3>;
Roles UsualRoles() {
  return {Role{.name = "guest"}, Role{.name = "member"},
          Role{.name = "moderator", .grants = {.moderate = true}}};
}

Role* FindRole(Roles& roles, std::string_view name) {
  const auto found = std::ranges::find(roles, name, &Role::name);
  return found == roles.end() ? nullptr : &*found;
}

// "KEY=VALUE" around the first or the last '='.
struct Pair {
  std::string_view key;
  std::string_view value;
};
std::optional<Pair> SplitAt(std::string_view text, size_t equals) {
  if (equals == std::string_view::npos) return std::nullopt;
  return Pair{text.substr(0, equals), text.substr(equals + 1)};
}

// These and no others; nullopt: one is no grant.
std::optional<auth::Grants> ParseGrants(std::string_view words) {
  auth::Grants grants;
  for (const auto& [word, field] : auth::kGrantWords) grants.*field = false;
  while (!words.empty()) {
    const size_t space = std::min(words.find(' '), words.size());
    bool auth::Grants::* field = auth::FindGrant(words.substr(0, space));
    if (field == nullptr) return std::nullopt;
    grants.*field = true;
    words.remove_prefix(std::min(space + 1, words.size()));
  }
  return grants;
}

class Reader {
 public:
  explicit Reader(const Config::Auth::OpenId& config) : config_(config) {}

  OpenIdReading Read() && {
    result_.rules.issuer = config_.issuer;
    result_.rules.audience = config_.audience;
    result_.rules.groups_claim = config_.groups_claim;
    for (const std::string& text : config_.grants) ReadGrants(text);
    for (const std::string& text : config_.scopes) ReadScopes(text);
    for (const std::string& text : config_.groups) ReadGroup(text);
    if (UsesOpenId(config_)) {
      CheckWhole();
    } else {
      CheckOff();
    }
    return std::move(result_);
  }

 private:
  void Note(std::string key, const ConfigInput& value, std::string fix) {
    result_.problems.push_back(
        {"auth.openid." + std::move(key), ShowInput(value), "configuration", std::move(fix)});
  }

  void ReadGrants(const std::string& text) {
    const auto pair = SplitAt(text, text.find('='));
    Role* role = pair ? FindRole(roles_, pair->key) : nullptr;
    const auto grants = pair ? ParseGrants(pair->value) : std::nullopt;
    if (role != nullptr && grants) {
      role->grants = *grants;
      return;
    }
    std::string all;
    for (const auto& each : auth::kGrantWords) all += fmt::format(" {}", each.word);
    Note("grants", text,
         fmt::format("write ROLE=GRANT GRANT …, the role guest, member or moderator, the grants "
                     "among{}, parted by single spaces",
                     all));
  }

  void ReadScopes(const std::string& text) {
    const auto pair = SplitAt(text, text.find('='));
    Role* role = pair ? FindRole(roles_, pair->key) : nullptr;
    auto scopes = pair ? auth::ParseScopes(pair->value) : std::nullopt;
    if (role != nullptr && scopes) {
      role->scopes = std::move(*scopes);
      return;
    }
    Note("scopes", text,
         "write ROLE=SCOPE SCOPE …, the role guest, member or moderator, the scopes such as "
         "rooms:read, parted by single spaces");
  }

  // Groups have any name; roles have no '='.
  void ReadGroup(const std::string& text) {
    const auto pair = SplitAt(text, text.rfind('='));
    const Role* role = pair && !pair->key.empty() ? FindRole(roles_, pair->value) : nullptr;
    if (role == nullptr) {
      Note("groups", text,
           "write GROUP=ROLE, the role guest, member or moderator; * in the place of the group is "
           "everyone else");
      return;
    }
    auth::OpenIdGroup group{.group = std::string(pair->key),
                            .role = std::string(role->name),
                            .grants = role->grants,
                            .scopes = role->scopes};
    if (pair->key == kOthers) {
      result_.rules.others = std::move(group);
    } else {
      result_.rules.groups.push_back(std::move(group));
    }
  }

  void CheckOff() {
    const bool is_used = !config_.jwks_url.empty() || !config_.audience.empty() ||
                         !config_.groups.empty() || !config_.grants.empty() ||
                         !config_.scopes.empty();
    if (!is_used) return;
    Note("issuer", std::string(),
         "give the issuer as its tokens name it (\"iss\"): without one nobody signs in");
  }

  void CheckWhole() {
    // A name of another kind could be that of confab's own tokens or of an API key.
    if (!config_.issuer.starts_with("https://") && !config_.issuer.starts_with("http://")) {
      Note("issuer", config_.issuer, "give the URL that the issuer's tokens have as \"iss\"");
    }
    if (!auth::OpenIdIssuer::IsUsableUrl(config_.jwks_url)) {
      Note("jwks_url", config_.jwks_url,
           "give the https:// URL of the issuer's keys, jwks_uri in its "
           ".well-known/openid-configuration; http:// only on this machine");
    }
    if (config_.audience.empty()) {
      Note("audience", std::string(), "give what the tokens for this server have as \"aud\"");
    }
    if (config_.groups_claim.empty()) {
      Note("groups_claim", std::string(),
           "give the claim that holds a person's groups, such as groups");
    }
    if (config_.groups.empty() || config_.groups.size() > kMaxGroups) {
      Note("groups", config_.groups,
           fmt::format("give 1 to {} of GROUP=ROLE, or *=member for everyone who can sign in",
                       kMaxGroups));
    }
  }

  const Config::Auth::OpenId& config_;
  Roles roles_ = UsualRoles();
  OpenIdReading result_;
};

}  // namespace

bool UsesOpenId(const Config::Auth::OpenId& config) {
  return !config.issuer.empty();
}

OpenIdReading ReadOpenIdRules(const Config::Auth::OpenId& config) {
  return Reader(config).Read();
}

}  // namespace confab::app
