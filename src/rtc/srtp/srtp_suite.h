#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// Keys that two ends tell each other without DTLS, as SDES does (RFC 4568 §6.1).

// Octets of a suite's master key and salt together.
constexpr size_t KeyAndSaltSize(SrtpProfile profile) {
  return KeySizes(profile).key + KeySizes(profile).salt;
}
// "concatenated master key and salt" (RFC 4568 §6.1). nullopt: not of the suite's size.
std::optional<SrtpMasterKey> MasterKeyFrom(SrtpProfile profile, BytesView key_and_salt);
std::vector<uint8_t> KeyAndSaltOf(const SrtpMasterKey& master);
// A new one for each transport: no key is ever used for two (RFC 3711 §9.1).
SrtpMasterKey RandomMasterKey(SrtpProfile profile, RandomSource& random);

}  // namespace confab::rtc
