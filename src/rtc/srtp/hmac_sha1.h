#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace confab::rtc {

// HMAC-SHA1 (RFC 2104) under a key that stays: the states after the padded key are kept, and a
// packet starts from copies of them. The states are plain values, which EVP's are not: a copied
// EVP_MD_CTX allocates. That is why this uses OpenSSL's older SHA-1 functions.
class HmacSha1 {
 public:
  static constexpr size_t kDigestSize = SHA_DIGEST_LENGTH;
  using Digest = std::array<uint8_t, kDigestSize>;

  // At most one block of 64 octets.
  explicit HmacSha1(BytesView key);
  ~HmacSha1();
  HmacSha1(const HmacSha1&) = delete;
  HmacSha1& operator=(const HmacSha1&) = delete;

  // Of the two pieces one after the other.
  Digest Sign(BytesView first, BytesView second) const;

 private:
  SHA_CTX inner_;
  SHA_CTX outer_;
};

}  // namespace confab::rtc
