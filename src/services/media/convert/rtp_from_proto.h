#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "confab/media/v1/rtp.pb.h"
#include "rtc/types.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::media {

// From the contract's messages to validated values (sfu/parameters/validate.h says what that
// means). Codec settings come out ordered by name: a protobuf map has no order of its own.
// Errors: kInvalidMessage, with a sentence that names the field as clients spell it.

// Header extensions that prefer encryption (RFC 9335) are left out: the router has none.
Result<sfu::RtpCapabilities> FromProto(const v1::RtpCapabilities& message);

// RTCP is taken to be reduced-size (RFC 5506) whatever the message says: every browser knows it.
// Encrypted header extensions are kUnsupportedParameters.
Result<sfu::RtpParameters> FromProto(const v1::RtpParameters& message);

// "audio" or "video"; nothing for other text.
std::optional<rtc::MediaKind> ParseMediaKind(std::string_view text);

}  // namespace confab::media
