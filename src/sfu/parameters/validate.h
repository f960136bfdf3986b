#pragma once

#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// What is accepted from outside. A browser of today needs about half of each.
inline constexpr size_t kMaxCodecs = 64;
inline constexpr size_t kMaxHeaderExtensions = 64;
inline constexpr size_t kMaxCodecSettings = 32;
inline constexpr size_t kMaxRtcpFeedback = 16;
inline constexpr size_t kMaxEncodings = 8;
inline constexpr size_t kMaxMimeTypeLength = 64;
inline constexpr size_t kMaxSettingNameLength = 64;
inline constexpr size_t kMaxSettingValueLength = 256;
inline constexpr size_t kMaxFeedbackLength = 32;
inline constexpr size_t kMaxUriLength = 256;
inline constexpr size_t kMaxMidLength = 32;
inline constexpr size_t kMaxRidLength = 16;     // RFC 8852 §3.1 sends it in 16 bytes at most
inline constexpr size_t kMaxCnameLength = 255;  // RFC 3550 §6.5: an octet counts them
inline constexpr uint8_t kMaxPayloadType = 127;
inline constexpr uint32_t kMaxClockRate = 1'000'000;  // Hz
inline constexpr uint8_t kMaxChannels = 24;

// Checks what a client says about itself and fills what it may leave out (one channel for audio,
// none for video). Everything that passes is in the ranges above, all texts are visible ASCII that
// cannot break out of a line of SDP, and payload types are unique.
// Error: kInvalidMessage, with a sentence that names the field as the client spells it.
Result<RtpCapabilities> ValidateRtpCapabilities(RtpCapabilities capabilities);

// The same for parameters of a producer. What passes has, besides:
// - at least one codec, the first no RTX, all of one kind (KindOf);
// - each RTX codec tied to a media codec of the list;
// - 1 to kMaxEncodings encodings, with unique non-zero ssrcs and unique rids; several encodings are
//   told apart by rid or by ssrc throughout; a single one may rely on the mid;
// - unique extension ids and uris, scalability modes that parse.
Result<RtpParameters> ValidateRtpParameters(RtpParameters parameters);

// Of validated parameters.
rtc::MediaKind KindOf(const RtpParameters& parameters);

}  // namespace confab::sfu
