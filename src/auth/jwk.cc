#include "auth/jwk.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "auth/base64url.h"
#include "auth/errors.h"
#include "base/check.h"

namespace confab::auth {
namespace {

std::vector<uint8_t> BytesMember(const json::object& jwk, std::string_view name) {
  const auto text = TextMember(jwk, name);
  auto bytes = text ? FromBase64Url(*text) : std::nullopt;
  return bytes ? std::move(*bytes) : std::vector<uint8_t>();
}

// RFC 7517 §4.2, §4.3: where a key says what it is for, it must be for verifying or signing.
bool IsForSignatures(const json::object& jwk) {
  if (jwk.contains("use") && TextMember(jwk, "use") != "sig") return false;
  const json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return true;
  if (!operations->is_array()) return false;
  return std::ranges::any_of(operations->get_array(), [](const json::value& operation) {
    if (!operation.is_string()) return false;
    return operation.get_string() == "verify" || operation.get_string() == "sign";
  });
}

Result<SignatureKey> EcKey(const json::object& jwk) {
  if (TextMember(jwk, "crv") != "P-256") return Unusable("of EC keys only those on P-256 are used");
  if (jwk.contains("alg") && TextMember(jwk, "alg") != "ES256") {
    return Unusable("an EC key on P-256 is for ES256 only");
  }
  EcParts parts{.x = BytesMember(jwk, "x"), .y = BytesMember(jwk, "y"), .d = {}};
  if (jwk.contains("d")) {
    parts.d = BytesMember(jwk, "d");
    if (parts.d.empty()) return Unusable("d is not in base64url");
  }
  return SignatureKey::FromEc(parts);
}

Result<SignatureKey> RsaKey(const json::object& jwk) {
  // OpenID Connect Core §2: RS256 where nothing is said.
  const std::string_view name =
      jwk.contains("alg") ? TextMember(jwk, "alg").value_or("") : std::string_view("RS256");
  if (name != "RS256" && name != "PS256") {
    return Unusable("an RSA key must be for RS256 or PS256");
  }
  const Algorithm algorithm = name == "RS256" ? Algorithm::kRs256 : Algorithm::kPs256;
  return SignatureKey::FromRsa(algorithm, BytesMember(jwk, "n"), BytesMember(jwk, "e"));
}

}  // namespace

Result<SignatureKey> KeyFromJwk(const json::object& jwk) {
  if (!IsForSignatures(jwk)) return Unusable("the key is not for signatures");
  const auto type = TextMember(jwk, "kty");
  if (type == "EC") return EcKey(jwk);
  if (type == "RSA") return RsaKey(jwk);
  return Unusable("a key must be of type EC or RSA");
}

json::object JwkOf(const SignatureKey& key, Part part) {
  const auto ec = key.Ec();
  CHECK(ec.has_value());
  json::object jwk = {{"kty", "EC"},
                      {"crv", "P-256"},
                      {"x", ToBase64Url(ec->x)},
                      {"y", ToBase64Url(ec->y)},
                      {"kid", KeyIdOf(key)},
                      {"alg", "ES256"},
                      {"use", "sig"}};
  if (part == Part::kPrivate) jwk["d"] = ToBase64Url(ec->d);
  return jwk;
}

std::string KeyIdOf(const SignatureKey& key) {
  const auto ec = key.Ec();
  CHECK(ec.has_value());
  // RFC 7638 §3.2: these members, in this order, without spaces.
  const std::string text = fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})",
                                       ToBase64Url(ec->x), ToBase64Url(ec->y));
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return ToBase64Url(BytesView(digest).first(size));
}

}  // namespace confab::auth
