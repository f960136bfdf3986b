#pragma once

#include <array>
#include <cstdint>

#include "rtc/srtp/evp_srtp_keys.h"
#include "rtc/srtp/openssl_cipher.h"
#include "rtc/srtp/srtp_packet_parts.h"
#include "rtc/srtp/srtp_session_keys.h"

namespace confab::rtc {

// AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714 §8, §9).
class EvpGcmKeys final : public EvpSrtpKeys {
 public:
  // `cipher` is AES-GCM with the profile's key size.
  EvpGcmKeys(SrtpProfile profile, const EVP_CIPHER* cipher, const SrtpSessionKeys& rtp,
             const SrtpSessionKeys& rtcp);

  SrtpProfile profile() const override { return profile_; }
  void Open(OpenJob& job) override;
  void Seal(SealJob& job) override;

 private:
  static constexpr size_t kIvSize = 12;
  enum class Direction : int { kDecrypt = 0, kEncrypt = 1 };

  // Cipher context and salt for packets of one kind.
  struct Stream {
    OwnedCipherContext context;
    std::array<uint8_t, kIvSize> salt;

    Stream(const EVP_CIPHER* cipher, const SrtpSessionKeys& keys);
    void Begin(Direction direction, Ssrc ssrc, uint64_t index);
    void Authenticate(BytesView bytes);
    void Crypt(BytesView in, uint8_t* out);
  };

  Stream& StreamOf(SrtpKind kind) { return kind == SrtpKind::kRtp ? rtp_ : rtcp_; }

  SrtpProfile profile_;
  Stream rtp_;
  Stream rtcp_;
};

}  // namespace confab::rtc
