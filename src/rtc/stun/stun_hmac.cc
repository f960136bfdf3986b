#include "rtc/stun/stun_hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>

#include "base/check.h"

namespace confab::rtc {
namespace {

// Fetching an algorithm takes locks and string look-ups: once per process, never freed.
EVP_MAC* Hmac() {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return mac;
}

}  // namespace

void StunHmac::Free::operator()(evp_mac_ctx_st* context) const {
  EVP_MAC_CTX_free(context);
}

StunHmac::StunHmac(std::string_view password) : context_(EVP_MAC_CTX_new(Hmac())) {
  CHECK(context_ != nullptr);
  char digest[] = "SHA1";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  // A null key would mean "keep the key".
  static constexpr uint8_t kNoKey = 0;
  const BytesView key = password.empty() ? BytesView(&kNoKey, 0) : AsBytes(password);
  CHECK(EVP_MAC_init(context_.get(), key.data(), key.size(), params) == 1);
}

StunDigest StunHmac::Digest(BytesView covered) {
  CHECK(covered.size() >= kStunHeaderSize);
  std::array<uint8_t, kStunHeaderSize> header;
  std::copy_n(covered.begin(), kStunHeaderSize, header.begin());
  const size_t length =
      covered.size() - kStunHeaderSize + kStunAttributeHeaderSize + kStunIntegritySize;
  StoreU16(&header[2], static_cast<uint16_t>(length));

  const BytesView rest = covered.subspan(kStunHeaderSize);
  StunDigest digest;
  size_t size = 0;
  // Without a key, init starts anew with the one that is set.
  CHECK(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1);
  CHECK(EVP_MAC_update(context_.get(), header.data(), header.size()) == 1);
  CHECK(EVP_MAC_update(context_.get(), rest.data(), rest.size()) == 1);
  CHECK(EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) == 1);
  CHECK(size == digest.size());
  return digest;
}

}  // namespace confab::rtc
