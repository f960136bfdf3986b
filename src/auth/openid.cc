#include "auth/openid.h"

#include <algorithm>

#include "auth/claim_reader.h"
#include "auth/errors.h"
#include "auth/grant_words.h"
#include "auth/jwk.h"
#include "auth/limits.h"
#include "auth/validity.h"
#include "auth/words.h"

namespace confab::auth {
namespace {

std::unexpected<Error> NoUsableKeys(std::string sentence) {
  return Fail(ErrorCode::kUnavailable, std::move(sentence));
}

bool IsIn(const json::object& payload, const std::string& claim, std::string_view group) {
  const json::value* groups = payload.if_contains(claim);
  if (groups == nullptr) return false;
  const auto is_it = [group](const json::value& each) {
    return each.is_string() && std::string_view(each.get_string()) == group;
  };
  return groups->is_array() ? std::ranges::any_of(groups->get_array(), is_it) : is_it(*groups);
}

void Add(Grants& grants, const Grants& more) {
  for (const auto& [word, field] : kGrantWords) grants.*field |= more.*field;
}

void Give(OpenIdIdentity& identity, const OpenIdGroup& group) {
  if (identity.role.empty()) {
    identity.role = group.role;
    identity.grants = group.grants;
  }
  Add(identity.grants, group.grants);
  for (const std::string& scope : group.scopes) {
    if (std::ranges::find(identity.scopes, scope) == identity.scopes.end()) {
      identity.scopes.push_back(scope);
    }
  }
}

Result<OpenIdIdentity> ReadIdentity(const json::object& payload) {
  ClaimReader reader(payload);
  OpenIdIdentity identity;
  identity.identity = reader.Word("sub", IsIdentity);
  identity.name = reader.OptionalText("name", kMaxNameBytes);
  if (identity.name.empty()) {
    identity.name = reader.OptionalText("preferred_username", kMaxNameBytes);
  }
  if (!reader.ok()) return reader.error();
  return identity;
}

}  // namespace

Result<OpenIdKeys> OpenIdKeys::Parse(std::string_view document) {
  const auto set = document.size() <= kMaxDocumentBytes ? ParseJsonObject(document) : std::nullopt;
  const json::value* list = set ? set->if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array() || list->get_array().size() > kMaxKeys) {
    return NoUsableKeys("The issuer's keys are no JWK set of at most 64 keys.");
  }
  OpenIdKeys keys;
  for (const json::value& value : list->get_array()) {
    const json::object* jwk = value.if_object();
    // A public document with a private or shared key in it is not to be believed.
    if (jwk == nullptr || jwk->contains("d") || jwk->contains("k")) continue;
    auto key = KeyFromJwk(*jwk);
    if (!key) continue;
    keys.keys_.emplace_back(TextMember(*jwk, "kid").value_or(""), std::move(*key));
  }
  if (keys.keys_.empty()) {
    return NoUsableKeys("The issuer's JWK set holds no key for ES256, RS256 or PS256.");
  }
  return keys;
}

const SignatureKey* OpenIdKeys::Find(std::string_view key_id) const {
  if (key_id.empty()) return keys_.size() == 1 ? &keys_.front().second : nullptr;
  const auto found = std::ranges::find(
      keys_, key_id, [](const auto& each) { return std::string_view(each.first); });
  return found == keys_.end() ? nullptr : &found->second;
}

Result<OpenIdIdentity> VerifyOpenId(const Jws& jws, const SignatureKey& key,
                                    const OpenIdRules& rules, int64_t now_s) {
  // RFC 9068 §2.1; a logout token, for one, has the same issuer and audience (RFC 8725 §3.11).
  const bool is_kind = jws.type.empty() || jws.type == "jwt" || jws.type == "at+jwt";
  if (!is_kind || !VerifyJws(jws, key)) {
    return Refused(
        "The token was not signed by the issuer that this server trusts: sign in again.");
  }
  if (TextMember(jws.payload, "iss") != rules.issuer) {
    return Refused("The token is of another issuer than this server trusts: sign in again.");
  }
  const auto expires = CheckValidity(
      jws.payload, {.audience = rules.audience, .now_s = now_s, .clock_skew = rules.clock_skew});
  if (!expires) return std::unexpected(expires.error());
  auto identity = ReadIdentity(jws.payload);
  if (!identity) return identity;
  identity->expires_at_s = *expires;
  for (const OpenIdGroup& group : rules.groups) {
    if (IsIn(jws.payload, rules.groups_claim, group.group)) Give(*identity, group);
  }
  if (identity->role.empty() && rules.others) Give(*identity, *rules.others);
  if (identity->role.empty()) {
    return Fail(ErrorCode::kForbidden,
                "You are in no group that may use this server: ask its operator.");
  }
  return identity;
}

}  // namespace confab::auth
