#include "rtc/srtp/srtp_profile_names.h"

#include "rtc/dtls/dtls_types.h"

namespace confab::rtc {

std::vector<SrtpProfile> AllSrtpProfiles() {
  return DtlsOptions{}.profiles;
}

std::string_view ToString(SrtpProfile profile) {
  switch (profile) {
    case SrtpProfile::kClear: return "none";
    case SrtpProfile::kAesCm128HmacSha1_80: return "AES_CM_128_HMAC_SHA1_80";
    case SrtpProfile::kAeadAes128Gcm: return "AEAD_AES_128_GCM";
    case SrtpProfile::kAeadAes256Gcm: return "AEAD_AES_256_GCM";
  }
  return "none";
}

std::optional<SrtpProfile> ParseSrtpProfile(std::string_view name) {
  for (const SrtpProfile profile : AllSrtpProfiles()) {
    if (ToString(profile) == name) return profile;
  }
  return std::nullopt;
}

}  // namespace confab::rtc
