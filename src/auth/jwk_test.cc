#include "auth/jwk.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "auth/jws.h"
#include "auth/testing/rfc7515.h"

namespace confab::auth {
namespace {

using testing::EcJwk;
using testing::KeyOf;
using testing::RsaJwk;

TEST(Jwk, NamesAnEcKeyByItsThumbprint) {
  // RFC 7638 §3 by hand over the key of RFC 7515 A.3.
  EXPECT_EQ(KeyIdOf(KeyOf(EcJwk())), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

TEST(Jwk, ComesBackAsItWas) {
  const SignatureKey made = SignatureKey::MakeEc().value();
  const json::object secret = JwkOf(made, Part::kPrivate), shown = JwkOf(made, Part::kPublic);
  EXPECT_TRUE(secret.contains("d"));
  EXPECT_FALSE(shown.contains("d"));
  const std::string token = SignJws({{"sub", "ada"}}, KeyOf(secret), "k").value();
  EXPECT_TRUE(VerifyJws(ParseJws(token).value(), KeyOf(shown)));
  EXPECT_FALSE(KeyOf(shown).can_sign());
  EXPECT_FALSE(SignJws({}, KeyOf(shown), "k"));
}

TEST(Jwk, RefusesWhatIsNoKeyForSignatures) {
  const auto ec = [](std::string_view name, json::value value) {
    json::object jwk = EcJwk();
    jwk[name] = std::move(value);
    return jwk;
  };
  const auto rsa = [](std::string_view name, json::value value) {
    json::object jwk = RsaJwk();
    jwk[name] = std::move(value);
    return jwk;
  };
  const std::vector<json::object> cases = {
      {},
      {{"kty", "oct"}, {"k", "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i"}},
      ec("crv", "P-384"),
      ec("alg", "HS256"),
      ec("use", "enc"),
      ec("key_ops", json::array{"encrypt"}),
      ec("key_ops", "verify"),
      ec("x", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
      ec("x", "AA"),
      ec("y", 1),
      ec("d", "AAAA"),
      ec("d", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM"),
      rsa("alg", "RS512"),
      rsa("alg", "HS256"),
      rsa("e", "AQ"),
      rsa("e", "AQAA"),
      rsa("e", "AQAAAAE"),
      rsa("n", "AQAB"),
      rsa("n", json::string(1368, 'A'))};
  for (const json::object& jwk : cases) {
    const auto key = KeyFromJwk(jwk);
    ASSERT_FALSE(key) << json::serialize(jwk);
    EXPECT_EQ(key.error().code, ErrorCode::kInvalidConfiguration);
  }
}

TEST(SignatureKey, RefusesShortSecrets) {
  EXPECT_FALSE(SignatureKey::FromSecret(std::vector<uint8_t>(31)));
  EXPECT_TRUE(SignatureKey::FromSecret(std::vector<uint8_t>(32)));
}

}  // namespace
}  // namespace confab::auth
