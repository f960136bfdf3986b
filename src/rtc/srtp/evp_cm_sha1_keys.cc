#include "rtc/srtp/evp_cm_sha1_keys.h"

#include <algorithm>

#include "base/check.h"

namespace confab::rtc {
namespace {

// Over all that stands before the tag, then for RTP the roll-over counter (RFC 3711 §4.2); an SRTCP
// packet carries its index itself.
HmacSha1::Digest Digest(const HmacSha1& hmac, const SrtpPacketParts& parts, uint64_t index) {
  const BytesView covered(parts.header.data(), parts.tag.data());
  if (!parts.trailer.empty()) return hmac.Sign(covered, {});
  std::array<uint8_t, 4> roll_over_counter;
  StoreU32(roll_over_counter.data(), static_cast<uint32_t>(index >> 16));
  return hmac.Sign(covered, roll_over_counter);
}

}  // namespace

EvpCmSha1Keys::Stream::Stream(const EVP_CIPHER* cipher, const SrtpSessionKeys& keys)
    : context(MakeCipherContext(cipher, keys.cipher_key.data())),
      salt(keys.salt),
      hmac(keys.auth_key) {}

// IV (RFC 3711 §4.1.1): salt * 2^16 XOR ssrc * 2^64 XOR index * 2^16.
void EvpCmSha1Keys::Stream::Begin(Ssrc ssrc, uint64_t index) {
  std::array<uint8_t, 16> iv{};
  StoreU32(&iv[4], ssrc.value());
  StoreU16(&iv[8], static_cast<uint16_t>(index >> 32));
  StoreU32(&iv[10], static_cast<uint32_t>(index));
  for (size_t i = 0; i < salt.size(); ++i) iv[i] ^= salt[i];
  CHECK(EVP_EncryptInit_ex2(context.get(), nullptr, nullptr, iv.data(), nullptr) == 1);
}

void EvpCmSha1Keys::Stream::Crypt(BytesView in, uint8_t* out) {
  if (in.empty()) return;
  int size = 0;
  CHECK(EVP_EncryptUpdate(context.get(), out, &size, in.data(), static_cast<int>(in.size())) == 1);
}

EvpCmSha1Keys::EvpCmSha1Keys(const EVP_CIPHER* cipher, const SrtpSessionKeys& rtp,
                             const SrtpSessionKeys& rtcp)
    : rtp_(cipher, rtp), rtcp_(cipher, rtcp) {}

void EvpCmSha1Keys::Open(OpenJob& job) {
  job.ok = false;
  const std::optional<SrtpPacketParts> parts = SplitForOpen(profile(), job);
  if (!parts) return;
  Stream& stream = StreamOf(job.kind);
  const HmacSha1::Digest digest = Digest(stream.hmac, *parts, job.index);
  if (CRYPTO_memcmp(digest.data(), parts->tag.data(), parts->tag.size()) != 0) return;
  if (parts->encrypted) {
    stream.Begin(job.ssrc, job.index);
    stream.Crypt(parts->payload, parts->payload.data());
  }
  job.ok = true;
  job.plain_size = parts->plain_size();
}

void EvpCmSha1Keys::Seal(SealJob& job) {
  const SrtpPacketParts parts = LayOutForSeal(profile(), job);
  Stream& stream = StreamOf(job.kind);
  stream.Begin(job.ssrc, job.index);
  stream.Crypt(BytesView(job.prefix).first(job.prefix_size), parts.payload.data());
  stream.Crypt(job.body, parts.payload.data() + job.prefix_size);
  const HmacSha1::Digest digest = Digest(stream.hmac, parts, job.index);
  std::copy_n(digest.begin(), parts.tag.size(), parts.tag.begin());
}

}  // namespace confab::rtc
