#include "rtc/srtp/evp_srtp_engine.h"

#include "base/check.h"
#include "rtc/srtp/clear_keys.h"
#include "rtc/srtp/evp_cm_sha1_keys.h"
#include "rtc/srtp/evp_gcm_keys.h"
#include "rtc/srtp/evp_srtp_keys.h"
#include "rtc/srtp/openssl_cipher.h"
#include "rtc/srtp/srtp_session_keys.h"

namespace confab::rtc {

struct EvpSrtpCiphers {
  OwnedCipher aes_128_gcm = FetchCipher("AES-128-GCM");
  OwnedCipher aes_256_gcm = FetchCipher("AES-256-GCM");
  OwnedCipher aes_128_ctr = FetchCipher("AES-128-CTR");
};

EvpSrtpEngine::EvpSrtpEngine() : ciphers_(std::make_unique<EvpSrtpCiphers>()) {}
EvpSrtpEngine::~EvpSrtpEngine() = default;

std::unique_ptr<SrtpKeys> EvpSrtpEngine::PrepareKeys(const SrtpMasterKey& master) {
  if (master.profile == SrtpProfile::kClear) return std::make_unique<ClearKeys>();
  return AdoptSessionKeys(master.profile, DeriveSessionKeys(master, SrtpKind::kRtp),
                          DeriveSessionKeys(master, SrtpKind::kRtcp));
}

std::unique_ptr<SrtpKeys> EvpSrtpEngine::AdoptSessionKeys(SrtpProfile profile,
                                                          const SrtpSessionKeys& rtp,
                                                          const SrtpSessionKeys& rtcp) {
  switch (profile) {
    case SrtpProfile::kClear: break;
    case SrtpProfile::kAesCm128HmacSha1_80:
      return std::make_unique<EvpCmSha1Keys>(ciphers_->aes_128_ctr.get(), rtp, rtcp);
    case SrtpProfile::kAeadAes128Gcm:
      return std::make_unique<EvpGcmKeys>(profile, ciphers_->aes_128_gcm.get(), rtp, rtcp);
    case SrtpProfile::kAeadAes256Gcm:
      return std::make_unique<EvpGcmKeys>(profile, ciphers_->aes_256_gcm.get(), rtp, rtcp);
  }
  CHECK(false);
}

void EvpSrtpEngine::Open(std::span<OpenJob> jobs) {
  for (OpenJob& job : jobs) static_cast<EvpSrtpKeys*>(job.keys)->Open(job);
}

void EvpSrtpEngine::Seal(std::span<SealJob> jobs) {
  for (SealJob& job : jobs) static_cast<EvpSrtpKeys*>(job.keys)->Seal(job);
}

}  // namespace confab::rtc
