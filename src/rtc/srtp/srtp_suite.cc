#include "rtc/srtp/srtp_suite.h"

#include <algorithm>

namespace confab::rtc {
namespace {

constexpr SrtpProfile kSuites[] = {SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                   SrtpProfile::kAesCm128HmacSha1_80};

}  // namespace

std::string_view SuiteName(SrtpProfile profile) {
  switch (profile) {
    case SrtpProfile::kClear: return "none";
    case SrtpProfile::kAesCm128HmacSha1_80: return "AES_CM_128_HMAC_SHA1_80";
    case SrtpProfile::kAeadAes128Gcm: return "AEAD_AES_128_GCM";
    case SrtpProfile::kAeadAes256Gcm: return "AEAD_AES_256_GCM";
  }
  return "none";
}

std::optional<SrtpProfile> ParseSuiteName(std::string_view name) {
  for (const SrtpProfile suite : kSuites) {
    if (SuiteName(suite) == name) return suite;
  }
  return std::nullopt;
}

std::optional<SrtpMasterKey> MasterKeyFrom(SrtpProfile profile, BytesView key_and_salt) {
  if (key_and_salt.size() != KeyAndSaltSize(profile)) return std::nullopt;
  const SrtpKeySizes sizes = KeySizes(profile);
  SrtpMasterKey master{.profile = profile};
  std::ranges::copy(key_and_salt.first(sizes.key), master.key.begin());
  std::ranges::copy(key_and_salt.last(sizes.salt), master.salt.begin());
  return master;
}

std::vector<uint8_t> KeyAndSaltOf(const SrtpMasterKey& master) {
  const SrtpKeySizes sizes = KeySizes(master.profile);
  std::vector<uint8_t> octets(master.key.begin(), master.key.begin() + sizes.key);
  octets.insert(octets.end(), master.salt.begin(), master.salt.begin() + sizes.salt);
  return octets;
}

SrtpMasterKey RandomMasterKey(SrtpProfile profile, RandomSource& random) {
  SrtpMasterKey master{.profile = profile};
  random.Fill(MutableBytes(master.key).first(KeySizes(profile).key));
  random.Fill(MutableBytes(master.salt).first(KeySizes(profile).salt));
  return master;
}

}  // namespace confab::rtc
