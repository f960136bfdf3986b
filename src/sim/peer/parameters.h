#pragma once

#include <optional>

#include "rtc/session/outgoing_stream.h"
#include "sfu/parameters/rtp_parameters.h"
#include "sim/media/sent_stream.h"

namespace confab::sim {

// What a participant announces of a stream that it sends: as a browser with VP8 on payload type 96,
// RTX on 97, Opus on 111.
sfu::RtpParameters SentParameters(rtc::MediaKind kind, rtc::Ssrc ssrc,
                                  std::optional<rtc::Ssrc> rtx_ssrc);
// The same for its own session.
SentStreamOptions SentOptions(rtc::MediaKind kind, rtc::Ssrc ssrc,
                              std::optional<rtc::Ssrc> rtx_ssrc);

}  // namespace confab::sim
