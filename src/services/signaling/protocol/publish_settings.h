#pragma once

#include "confab/media/v1/rtp.pb.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// PublishSettings of the protocol: what a participant gives to transport.produce(), chosen from
// what the router can take. A kind that the router lacks is left out.
json::object PublishSettings(const media::v1::RtpCapabilities& router);

}  // namespace confab::signaling
