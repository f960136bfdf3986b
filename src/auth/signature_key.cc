#include "auth/signature_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <array>
#include <utility>

#include "auth/ecdsa_signature.h"
#include "auth/errors.h"
#include "base/check.h"

namespace confab::auth {
namespace {

struct KeyPartDeleter {
  void operator()(BIGNUM* p) const { BN_clear_free(p); }
  void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, KeyPartDeleter>;

constexpr uint8_t kUncompressedPoint = 4;  // SEC 1 §2.3.3

Owned<BIGNUM> ToNumber(BytesView bytes) {
  return Owned<BIGNUM>(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

// The key of these parameters, checked by OpenSSL: a point must lie on its curve.
EVP_PKEY* MakeKey(const char* type, int selection, OSSL_PARAM_BLD& builder) {
  const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(&builder));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) != 1) {
    return nullptr;
  }
  return key;
}

bool IsSound(EVP_PKEY& key, const EcParts& parts) {
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
  if (!context || EVP_PKEY_public_check(context.get()) != 1) return false;
  return parts.d.empty() || EVP_PKEY_pairwise_check(context.get()) == 1;
}

std::vector<uint8_t> OctetsOf(const EVP_PKEY& key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(&key, name, &raw) != 1) return {};
  const Owned<BIGNUM> number(raw);
  std::vector<uint8_t> bytes(EcParts::kSize);
  const bool fits = BN_bn2binpad(number.get(), bytes.data(), EcParts::kSize) == EcParts::kSize;
  return fits ? bytes : std::vector<uint8_t>();
}

bool SetPadding(Algorithm algorithm, EVP_PKEY_CTX* context) {
  if (algorithm != Algorithm::kPs256) return true;
  // RFC 7518 §3.5: MGF1 with SHA-256, the salt as long as the hash.
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

}  // namespace

std::string_view ToString(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256: return "HS256";
    case Algorithm::kEs256: return "ES256";
    case Algorithm::kRs256: return "RS256";
    case Algorithm::kPs256: return "PS256";
  }
  CheckFailed(__FILE__, __LINE__, "Algorithm is one of its enumerators");
}

void SignatureKey::PkeyDeleter::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

SignatureKey::SignatureKey(SignatureKey&& other) noexcept = default;
SignatureKey& SignatureKey::operator=(SignatureKey&& other) noexcept = default;

SignatureKey::~SignatureKey() {
  OPENSSL_cleanse(secret_.data(), secret_.size());
}

Result<SignatureKey> SignatureKey::FromSecret(BytesView secret) {
  if (secret.size() < kMinSecretBytes) return Unusable("the secret has fewer than 256 bits");
  SignatureKey key(Algorithm::kHs256);
  key.secret_.assign(secret.begin(), secret.end());
  key.can_sign_ = true;
  return key;
}

Result<SignatureKey> SignatureKey::FromEc(const EcParts& parts) {
  const auto is_number = [](const auto& part) { return part.size() == EcParts::kSize; };
  const bool is_private = !parts.d.empty();
  if (!is_number(parts.x) || !is_number(parts.y) || (is_private && !is_number(parts.d))) {
    return Unusable("x, y and d of a P-256 key have 32 octets each");
  }
  std::vector<uint8_t> point{kUncompressedPoint};
  point.insert(point.end(), parts.x.begin(), parts.x.end());
  point.insert(point.end(), parts.y.begin(), parts.y.end());
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  const Owned<BIGNUM> d = ToNumber(parts.d);
  if (!builder || !d ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1 ||
      (is_private &&
       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get()) != 1)) {
    return Unusable("OpenSSL cannot take the key");
  }
  SignatureKey key(Algorithm::kEs256);
  key.key_.reset(MakeKey("EC", is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, *builder));
  if (!key.key_ || !IsSound(*key.key_, parts)) {
    return Unusable("x and y are no point of P-256, or d does not belong to them");
  }
  key.can_sign_ = is_private;
  return key;
}

Result<SignatureKey> SignatureKey::FromRsa(Algorithm algorithm, BytesView modulus,
                                           BytesView exponent) {
  CHECK(algorithm == Algorithm::kRs256 || algorithm == Algorithm::kPs256);
  if (modulus.size() < kMinRsaModulusBytes || modulus.size() > kMaxRsaModulusBytes ||
      modulus.front() < 0x80) {
    return Unusable("an RSA key must have 2048 to 8192 bits");
  }
  // RFC 8017 §3.1: odd and at least 3.
  if (exponent.empty() || exponent.size() > kMaxRsaExponentBytes || exponent.back() % 2 == 0 ||
      (exponent.size() == 1 && exponent.front() < 3)) {
    return Unusable("the exponent of an RSA key must be odd, 3 to 2^32");
  }
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  const Owned<BIGNUM> n = ToNumber(modulus), e = ToNumber(exponent);
  if (!builder || !n || !e ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return Unusable("OpenSSL cannot take the key");
  }
  SignatureKey key(algorithm);
  key.key_.reset(MakeKey("RSA", EVP_PKEY_PUBLIC_KEY, *builder));
  if (!key.key_) return Unusable("OpenSSL cannot take the key");
  return key;
}

Result<SignatureKey> SignatureKey::MakeEc() {
  SignatureKey key(Algorithm::kEs256);
  key.key_.reset(EVP_EC_gen("P-256"));
  if (!key.key_) return Fail(ErrorCode::kInternal, "OpenSSL cannot make a key.");
  key.can_sign_ = true;
  return key;
}

std::vector<uint8_t> SignatureKey::Mac(std::string_view input) const {
  std::array<uint8_t, EVP_MAX_MD_SIZE> mac;
  unsigned size = 0;
  const BytesView bytes = AsBytes(input);
  if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes.data(),
           bytes.size(), mac.data(), &size) == nullptr) {
    return {};
  }
  return {mac.begin(), mac.begin() + size};
}

Result<std::vector<uint8_t>> SignatureKey::Sign(std::string_view input) const {
  const auto failed = Fail(ErrorCode::kInternal, "The token could not be signed.");
  if (!can_sign_) return failed;
  if (algorithm_ == Algorithm::kHs256) return Mac(input);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  size_t size = 0;
  const BytesView bytes = AsBytes(input);
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes.data(), bytes.size()) != 1) {
    return failed;
  }
  std::vector<uint8_t> der(size);
  if (EVP_DigestSign(context.get(), der.data(), &size, bytes.data(), bytes.size()) != 1) {
    return failed;
  }
  auto signature = EcdsaFromDer(BytesView(der).first(size));
  if (!signature) return failed;
  return std::move(*signature);
}

bool SignatureKey::Verify(std::string_view input, BytesView signature) const {
  switch (algorithm_) {
    case Algorithm::kHs256: {
      const std::vector<uint8_t> mac = Mac(input);
      // In constant time, so that a forger learns nothing from how long it takes.
      return !mac.empty() && signature.size() == mac.size() &&
             CRYPTO_memcmp(signature.data(), mac.data(), mac.size()) == 0;
    }
    case Algorithm::kEs256: {
      const auto der = EcdsaToDer(signature);
      return der && VerifyDigest(input, *der);
    }
    case Algorithm::kRs256:
    case Algorithm::kPs256: return VerifyDigest(input, signature);
  }
  return false;
}

bool SignatureKey::VerifyDigest(std::string_view input, BytesView signature) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* padding = nullptr;  // of the context
  const BytesView bytes = AsBytes(input);
  return context &&
         EVP_DigestVerifyInit(context.get(), &padding, EVP_sha256(), nullptr, key_.get()) == 1 &&
         SetPadding(algorithm_, padding) &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(),
                          bytes.size()) == 1;
}

std::optional<EcParts> SignatureKey::Ec() const {
  if (algorithm_ != Algorithm::kEs256) return std::nullopt;
  EcParts parts{.x = OctetsOf(*key_, OSSL_PKEY_PARAM_EC_PUB_X),
                .y = OctetsOf(*key_, OSSL_PKEY_PARAM_EC_PUB_Y),
                .d = {}};
  if (can_sign_) parts.d = OctetsOf(*key_, OSSL_PKEY_PARAM_PRIV_KEY);
  if (parts.x.empty() || parts.y.empty() || (can_sign_ && parts.d.empty())) return std::nullopt;
  return parts;
}

}  // namespace confab::auth
