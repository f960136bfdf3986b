#pragma once

#include <cstdint>
#include <string>

#include "confab/media/v1/rtp.pb.h"

namespace confab::signaling {

// Opus, VP8 and their retransmission, with a few header extensions: enough for mediasoup-client.
media::v1::RtpCapabilities FakeRouterCapabilities();
// What a consumer of such a producer gets, well-formed for mediasoup-client. `number` makes ssrcs
// unique.
media::v1::RtpParameters FakeConsumerParameters(const std::string& kind, const std::string& cname,
                                                uint32_t mid, uint32_t number);
media::v1::IceParameters FakeIceParameters(uint32_t number);
media::v1::IceCandidate FakeIceCandidate();
media::v1::DtlsParameters FakeDtlsParameters();

}  // namespace confab::signaling
