#pragma once

#include "confab/media/v1/rtp.pb.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::media {

// From values to the contract's messages. What is empty or unknown stays unset.
v1::RtpCapabilities ToProto(const sfu::RtpCapabilities& capabilities);
v1::RtpParameters ToProto(const sfu::RtpParameters& parameters);

}  // namespace confab::media
