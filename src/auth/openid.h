#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/claims.h"
#include "auth/jws.h"
#include "auth/signature_key.h"
#include "base/units.h"

namespace confab::auth {

// Tokens of an issuer outside, by OpenID Connect (Core 1.0 §2, §3.1.3.7): who is it, and what may
// they do here. Pure; OpenIdIssuer fetches.

// What members of a group may do.
struct OpenIdGroup {
  std::string group;  // as the issuer names it
  std::string role = "member";
  Grants grants;
  std::vector<std::string> scopes;
};

struct OpenIdRules {
  std::string issuer;    // "iss", letter by letter
  std::string audience;  // "aud" must be or hold it: the client id, or the API's name
  std::string groups_claim = "groups";  // an array of texts, or one text
  std::vector<OpenIdGroup> groups;      // the most important first
  std::optional<OpenIdGroup> others;    // who is in none of them; nullopt: refused
  TimeDelta clock_skew = TimeDelta::Seconds(30);
};

struct OpenIdIdentity {
  std::string identity;             // "sub"
  std::string name;                 // "name", or "preferred_username", or ""
  std::string role;                 // of the first group of the rules that they are in
  Grants grants;                    // what any of their groups may do
  std::vector<std::string> scopes;  // of all their groups
  int64_t expires_at_s = 0;

  bool operator==(const OpenIdIdentity&) const = default;
};

// The keys of a JWK set (RFC 7517 §5) by which tokens can be verified here: EC on P-256 for ES256,
// RSA for RS256 or PS256. Others are passed over.
class OpenIdKeys {
 public:
  static constexpr size_t kMaxDocumentBytes = 256 * 1024;
  static constexpr size_t kMaxKeys = 64;

  // Error kUnavailable: no JWK set, more than kMaxKeys, or none that can be used.
  static Result<OpenIdKeys> Parse(std::string_view document);

  // The key that a token names; where it names none, the only one there is. nullptr: unknown.
  const SignatureKey* Find(std::string_view key_id) const;
  size_t size() const { return keys_.size(); }

 private:
  std::vector<std::pair<std::string, SignatureKey>> keys_;
};

// Error kUnauthorized (signature, issuer, audience, times, form), kForbidden (in no group that is
// let in).
Result<OpenIdIdentity> VerifyOpenId(const Jws& jws, const SignatureKey& key,
                                    const OpenIdRules& rules, int64_t now_s);

}  // namespace confab::auth
