#pragma once

#include <array>
#include <cstdint>

#include "rtc/srtp/evp_srtp_keys.h"
#include "rtc/srtp/hmac_sha1.h"
#include "rtc/srtp/openssl_cipher.h"
#include "rtc/srtp/srtp_packet_parts.h"
#include "rtc/srtp/srtp_session_keys.h"

namespace confab::rtc {

// AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1).
class EvpCmSha1Keys final : public EvpSrtpKeys {
 public:
  // `cipher` is AES-128-CTR.
  EvpCmSha1Keys(const EVP_CIPHER* cipher, const SrtpSessionKeys& rtp, const SrtpSessionKeys& rtcp);

  SrtpProfile profile() const override { return SrtpProfile::kAesCm128HmacSha1_80; }
  void Open(OpenJob& job) override;
  void Seal(SealJob& job) override;

 private:
  // Cipher context, salt and authentication state for packets of one kind.
  struct Stream {
    OwnedCipherContext context;
    std::array<uint8_t, 14> salt;
    HmacSha1 hmac;

    Stream(const EVP_CIPHER* cipher, const SrtpSessionKeys& keys);
    void Begin(Ssrc ssrc, uint64_t index);
    void Crypt(BytesView in, uint8_t* out);
  };

  Stream& StreamOf(SrtpKind kind) { return kind == SrtpKind::kRtp ? rtp_ : rtcp_; }

  Stream rtp_;
  Stream rtcp_;
};

}  // namespace confab::rtc
