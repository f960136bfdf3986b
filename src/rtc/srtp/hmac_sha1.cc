#include "rtc/srtp/hmac_sha1.h"

#include <openssl/crypto.h>

#include "base/check.h"

// SHA1_Init, SHA1_Update and SHA1_Final are deprecated in OpenSSL 3.0; the header says why they are
// used.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace confab::rtc {
namespace {

constexpr uint8_t kInnerPad = 0x36;
constexpr uint8_t kOuterPad = 0x5c;

void StartWithKey(SHA_CTX& state, BytesView key, uint8_t pad) {
  std::array<uint8_t, SHA_CBLOCK> block;
  block.fill(pad);
  for (size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  CHECK(SHA1_Init(&state) == 1);
  CHECK(SHA1_Update(&state, block.data(), block.size()) == 1);
  OPENSSL_cleanse(block.data(), block.size());
}

}  // namespace

HmacSha1::HmacSha1(BytesView key) {
  CHECK(key.size() <= SHA_CBLOCK);
  StartWithKey(inner_, key, kInnerPad);
  StartWithKey(outer_, key, kOuterPad);
}

HmacSha1::~HmacSha1() {
  OPENSSL_cleanse(&inner_, sizeof(inner_));
  OPENSSL_cleanse(&outer_, sizeof(outer_));
}

HmacSha1::Digest HmacSha1::Sign(BytesView first, BytesView second) const {
  Digest digest;
  SHA_CTX state = inner_;
  SHA1_Update(&state, first.data(), first.size());
  if (!second.empty()) SHA1_Update(&state, second.data(), second.size());
  SHA1_Final(digest.data(), &state);
  state = outer_;
  SHA1_Update(&state, digest.data(), digest.size());
  SHA1_Final(digest.data(), &state);
  return digest;
}

}  // namespace confab::rtc

#pragma GCC diagnostic pop
