#pragma once

#include <string_view>

#include "sfu/parameters/field_check.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// The encodings of parameters whose codecs and mid are good. `field` is the list as the client
// spells it: "rtpParameters.encodings".
bool CheckEncodings(FieldCheck& check, std::string_view field, const RtpParameters& parameters);

}  // namespace confab::sfu
