#include "rtc/srtp/evp_gcm_keys.h"

#include <algorithm>

#include "base/check.h"

namespace confab::rtc {

EvpGcmKeys::Stream::Stream(const EVP_CIPHER* cipher, const SrtpSessionKeys& keys)
    : context(MakeCipherContext(cipher, keys.cipher_key.data())) {
  std::copy_n(keys.salt.begin(), salt.size(), salt.begin());
}

// IV (RFC 7714 §8.1, §9.1): 16 zero bits, ssrc, then ROC and SEQ or 16 zero bits and the SRTCP
// index, which is the 48-bit index either way; all XOR salt.
void EvpGcmKeys::Stream::Begin(Direction direction, Ssrc ssrc, uint64_t index) {
  std::array<uint8_t, kIvSize> iv;
  StoreU16(&iv[0], 0);
  StoreU32(&iv[2], ssrc.value());
  StoreU16(&iv[6], static_cast<uint16_t>(index >> 32));
  StoreU32(&iv[8], static_cast<uint32_t>(index));
  for (size_t i = 0; i < kIvSize; ++i) iv[i] ^= salt[i];
  CHECK(EVP_CipherInit_ex2(context.get(), nullptr, nullptr, iv.data(), static_cast<int>(direction),
                           nullptr) == 1);
}

void EvpGcmKeys::Stream::Authenticate(BytesView bytes) {
  if (bytes.empty()) return;
  int size = 0;
  CHECK(EVP_CipherUpdate(context.get(), nullptr, &size, bytes.data(),
                         static_cast<int>(bytes.size())) == 1);
}

void EvpGcmKeys::Stream::Crypt(BytesView in, uint8_t* out) {
  if (in.empty()) return;
  int size = 0;
  CHECK(EVP_CipherUpdate(context.get(), out, &size, in.data(), static_cast<int>(in.size())) == 1);
}

EvpGcmKeys::EvpGcmKeys(SrtpProfile profile, const EVP_CIPHER* cipher, const SrtpSessionKeys& rtp,
                       const SrtpSessionKeys& rtcp)
    : profile_(profile), rtp_(cipher, rtp), rtcp_(cipher, rtcp) {}

void EvpGcmKeys::Open(OpenJob& job) {
  job.ok = false;
  const std::optional<SrtpPacketParts> parts = SplitForOpen(profile_, job);
  if (!parts) return;
  Stream& stream = StreamOf(job.kind);
  stream.Begin(Direction::kDecrypt, job.ssrc, job.index);
  stream.Authenticate(parts->header);
  // RFC 7714 §9.3: of an unencrypted packet everything is associated data.
  if (!parts->encrypted) stream.Authenticate(parts->payload);
  stream.Authenticate(parts->trailer);
  if (parts->encrypted) stream.Crypt(parts->payload, parts->payload.data());
  CHECK(EVP_CIPHER_CTX_ctrl(stream.context.get(), EVP_CTRL_AEAD_SET_TAG,
                            static_cast<int>(parts->tag.size()), parts->tag.data()) == 1);
  std::array<uint8_t, EVP_MAX_BLOCK_LENGTH> nothing;
  int size = 0;
  job.ok = EVP_DecryptFinal_ex(stream.context.get(), nothing.data(), &size) == 1;
  job.plain_size = parts->plain_size();
}

void EvpGcmKeys::Seal(SealJob& job) {
  const SrtpPacketParts parts = LayOutForSeal(profile_, job);
  Stream& stream = StreamOf(job.kind);
  stream.Begin(Direction::kEncrypt, job.ssrc, job.index);
  stream.Authenticate(parts.header);
  stream.Authenticate(parts.trailer);
  stream.Crypt(BytesView(job.prefix).first(job.prefix_size), parts.payload.data());
  stream.Crypt(job.body, parts.payload.data() + job.prefix_size);
  std::array<uint8_t, EVP_MAX_BLOCK_LENGTH> nothing;
  int size = 0;
  CHECK(EVP_EncryptFinal_ex(stream.context.get(), nothing.data(), &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(stream.context.get(), EVP_CTRL_AEAD_GET_TAG,
                            static_cast<int>(parts.tag.size()), parts.tag.data()) == 1);
}

}  // namespace confab::rtc
