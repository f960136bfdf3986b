#pragma once

#include <string>
#include <utility>

#include "auth/jwk.h"
#include "auth/openid.h"
#include "auth/testing/times.h"
#include "auth/testing/tokens.h"

namespace confab::auth::testing {

// For tests: an OpenID Connect issuer with one key.
class OpenIdProvider {
 public:
  static constexpr int64_t kNow = testing::kNow;

  explicit OpenIdProvider(std::string key_id = "k1")
      : key_id_(std::move(key_id)), key_(SignatureKey::MakeEc().value()) {}

  static OpenIdRules Rules() {
    return {
        .issuer = "https://id.example.com",
        .audience = "confab",
        .groups = {
            {.group = "hosts",
             .role = "moderator",
             .grants = {.moderate = true},
             .scopes = {"rooms:read", "rooms:write"}},
            {.group = "staff", .role = "member", .scopes = {"rooms:read"}},
            {.group = "watchers", .role = "guest", .grants = {.audio = false, .video = false}}}};
  }
  json::object Header() const { return {{"alg", "ES256"}, {"kid", key_id_}}; }
  static json::object Payload() {
    return {{"iss", "https://id.example.com"},
            {"aud", "confab"},
            {"sub", "248289761001"},
            {"name", "Ada"},
            {"exp", kNow + 60},
            {"iat", kNow},
            {"groups", {"staff"}}};
  }
  std::string Token(const json::object& payload = Payload()) const {
    return SignRaw(Header(), payload, key_);
  }
  const SignatureKey& key() const { return key_; }
  json::object Jwk() const {
    json::object jwk = JwkOf(key_, Part::kPublic);
    jwk["kid"] = key_id_;
    return jwk;
  }
  std::string Document() const { return json::serialize(json::object{{"keys", {Jwk()}}}); }

 private:
  std::string key_id_;
  SignatureKey key_;
};

}  // namespace confab::auth::testing
