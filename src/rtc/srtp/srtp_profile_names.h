#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// Every profile that encrypts, the most wanted first.
std::vector<SrtpProfile> AllSrtpProfiles();

// The names of IANA's registry "DTLS-SRTP Protection Profiles", without the prefix "SRTP_" that
// some of them have there; SDES calls its crypto-suites the same (RFC 4568 §6.2.1, RFC 7714 §14.2).
// "none" for kClear, which is not read back.
std::string_view ToString(SrtpProfile profile);
std::optional<SrtpProfile> ParseSrtpProfile(std::string_view name);

}  // namespace confab::rtc
