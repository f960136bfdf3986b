#pragma once

#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// What every router takes and gives, in order of preference: Opus; VP8, VP9 (profiles 0 and 2),
// H264 (Constrained Baseline, Main and High, packetization mode 1) and AV1 (profile 0), each video
// codec followed by its RTX. Payload types are the ones that consumers see. Lives for ever.
const RtpCapabilities& RouterRtpCapabilities();

}  // namespace confab::sfu
