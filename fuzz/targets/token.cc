// Tokens and keys as text: the compact form, the claims behind a right signature, JWK sets, files
// of API keys. The first octet chooses.

#include <string>

#include "auth/api_keys.h"
#include "auth/base64url.h"
#include "auth/claims_json.h"
#include "auth/jwk.h"
#include "auth/jws.h"
#include "auth/limits.h"
#include "auth/openid.h"
#include "auth/validity.h"
#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"

namespace confab::auth {
namespace {

constexpr int64_t kNow = 1'800'000'000;

const SignatureKey& Key() {
  static const SignatureKey key = [] {
    constexpr std::string_view kSecret = "a secret of the fuzz target, of 32 octets";
    return SignatureKey::FromSecret(AsBytes(kSecret)).value();
  }();
  return key;
}

// Nobody outside has the key, so nothing that comes in verifies.
void Token(std::string_view text) {
  const auto jws = ParseJws(text);
  if (!jws) return;
  CHECK(text.size() <= kMaxTokenBytes);
  CHECK(!jws->header.contains("crit") && !jws->header.contains("jwk"));
  CHECK(text == jws->signing_input + '.' + ToBase64Url(jws->signature));
  CHECK(!VerifyJws(*jws, Key()));
}

// What can be read is read the same after it was written.
template <typename Claims>
void Claim(const json::object& payload) {
  const auto claims = ReadClaims<Claims>(payload);
  if (!claims) return;
  const auto again = ReadClaims<Claims>(ToJson(*claims));
  CHECK(again.has_value() && *again == *claims);
}

void Payload(std::string_view text) {
  const auto payload = ParseJsonObject(text);
  if (!payload) return;
  Claim<JoinClaims>(*payload);
  Claim<ResumeClaims>(*payload);
  Claim<ApiClaims>(*payload);
  Claim<ServiceClaims>(*payload);
  const auto expiry = CheckValidity(*payload, {.audience = "confab/join",
                                               .now_s = kNow,
                                               .clock_skew = TimeDelta::Seconds(30),
                                               .max_lifetime = kMaxTokenLifetime});
  if (expiry) CHECK(*expiry > kNow - 30 && *expiry <= kNow + 24 * 3600 + 30);
  const auto token = SignJws(*payload, Key(), "k");
  if (!token) return;
  const auto jws = ParseJws(*token);
  CHECK(jws.has_value() && VerifyJws(*jws, Key()));
  OpenIdRules rules{.issuer = "i", .audience = "confab/join", .groups = {{.group = "g"}}};
  const auto identity = VerifyOpenId(*jws, Key(), rules, kNow);
  if (identity) CHECK(!identity->identity.empty() && identity->role == "member");
}

void KeySet(std::string_view text) {
  const auto keys = OpenIdKeys::Parse(text);
  if (!keys) return;
  CHECK(keys->size() > 0 && keys->size() <= OpenIdKeys::kMaxKeys);
  (void)keys->Find("k1");
}

void OneKey(std::string_view text) {
  const auto jwk = ParseJsonObject(text);
  if (!jwk) return;
  const auto key = KeyFromJwk(*jwk);
  if (!key) return;
  CHECK(key->algorithm() != Algorithm::kHs256);
  if (key->algorithm() != Algorithm::kEs256) return;
  const auto again = KeyFromJwk(JwkOf(*key, key->can_sign() ? Part::kPrivate : Part::kPublic));
  CHECK(again.has_value() && KeyIdOf(*again) == KeyIdOf(*key));
}

void ApiKeyFile(std::string_view text) {
  const auto keys = ParseApiKeys(text);
  if (!keys) return;
  CHECK(keys->size() <= kMaxApiKeys);
  for (const ApiKey& key : *keys) CHECK(SignatureKey::FromSecret(AsBytes(key.secret)).has_value());
}

}  // namespace

CONFAB_FUZZ_TARGET(token) {
  if (input.empty()) return;
  const std::string_view text = AsText(input.subspan(1));
  switch (input.front()) {
    case 't': Token(text); break;
    case 'p': Payload(text); break;
    case 's': KeySet(text); break;
    case 'k': OneKey(text); break;
    case 'a': ApiKeyFile(text); break;
    default: break;
  }
}

}  // namespace confab::auth
