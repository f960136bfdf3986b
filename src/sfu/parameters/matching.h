#pragma once

#include "sfu/parameters/codec.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// Whether both name the same codec in formats that fit together: type, clock rate and channels, and
// - H264: packetization mode and profile (RFC 6184 §8.1; the level may differ);
// - VP9: profile-id (RFC 9628 §6);
// - AV1: profile; level and tier say what a peer can take and may differ (AV1 RTP §7.2.3);
// - multiopus: streams and coupled streams.
// Settings that cannot be read match nothing.
bool MatchCodecs(const CodecView& a, const CodecView& b);

// Feedback that both sides know, in the order of `a`.
std::vector<RtcpFeedback> CommonFeedback(const std::vector<RtcpFeedback>& a,
                                         const std::vector<RtcpFeedback>& b);

}  // namespace confab::sfu
