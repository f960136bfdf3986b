#include "auth/ecdsa_signature.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include <memory>

namespace confab::auth {
namespace {

constexpr int kNumberSize = 32;

struct EcdsaDeleter {
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
};
using SignaturePtr = std::unique_ptr<ECDSA_SIG, EcdsaDeleter>;
using NumberPtr = std::unique_ptr<BIGNUM, EcdsaDeleter>;

}  // namespace

std::optional<std::vector<uint8_t>> EcdsaFromDer(BytesView der) {
  const uint8_t* at = der.data();
  const SignaturePtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!signature) return std::nullopt;
  std::vector<uint8_t> bytes(2 * kNumberSize);
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes.data(), kNumberSize) != kNumberSize ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes.data() + kNumberSize, kNumberSize) !=
          kNumberSize) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::vector<uint8_t>> EcdsaToDer(BytesView r_and_s) {
  if (r_and_s.size() != 2 * kNumberSize) return std::nullopt;
  const SignaturePtr signature(ECDSA_SIG_new());
  NumberPtr r(BN_bin2bn(r_and_s.data(), kNumberSize, nullptr));
  NumberPtr s(BN_bin2bn(r_and_s.data() + kNumberSize, kNumberSize, nullptr));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    return std::nullopt;
  }
  // The signature owns them now.
  (void)r.release();
  (void)s.release();
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) return std::nullopt;
  std::vector<uint8_t> der(static_cast<size_t>(size));
  uint8_t* at = der.data();
  if (i2d_ECDSA_SIG(signature.get(), &at) != size) return std::nullopt;
  return der;
}

}  // namespace confab::auth
