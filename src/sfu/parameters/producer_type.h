#pragma once

#include <cstdint>
#include <string_view>

#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

enum class ProducerType : uint8_t {
  kSimple,     // one stream, taken or left
  kSimulcast,  // several streams, or one whose codec has temporal layers only (VP8, H264)
  kSvc,        // one stream with layers inside (VP9, AV1)
};

// Of validated parameters, or of consumable ones.
ProducerType TypeOf(const RtpParameters& parameters);
// "simple", "simulcast" or "svc", as mediasoup's clients know it.
std::string_view ToString(ProducerType type);

}  // namespace confab::sfu
