#pragma once

#include "confab/media/v1/rtp.pb.h"
#include "net/field_reader.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// mediasoup's JSON, as clients send it, to the media contract's messages. Checked here: types,
// ranges and counts; what the parameters mean is checked by the media service. Values of codec
// `parameters` may be integers or texts and become text. Failures are noted in the reader.
media::v1::RtpCapabilities ReadRtpCapabilities(net::FieldReader reader);
media::v1::RtpParameters ReadRtpParameters(net::FieldReader reader);
// `role` is "auto" where absent; 1 to 8 fingerprints (RFC 8122 §5).
media::v1::DtlsParameters ReadDtlsParameters(net::FieldReader reader);

}  // namespace confab::signaling
