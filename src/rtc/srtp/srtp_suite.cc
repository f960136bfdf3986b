#include "rtc/srtp/srtp_suite.h"

#include <algorithm>

namespace confab::rtc {
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
