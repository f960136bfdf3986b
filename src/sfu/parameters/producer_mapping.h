#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "rtc/types.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

struct PayloadTypeMapping {
  rtc::PayloadType producer;
  rtc::PayloadType router;
  bool operator==(const PayloadTypeMapping&) const = default;
};

struct EncodingMapping {
  std::optional<rtc::Ssrc> ssrc;  // known beforehand, or
  std::string rid;                // learnt from packets with this rid, or (neither) with the mid
  std::optional<rtc::Ssrc> rtx_ssrc;  // known beforehand only together with `ssrc`
  std::string scalability_mode;
  rtc::Ssrc mapped_ssrc;  // the encoding's name inside the router and in pipes
};

// How a producer's packets are named inside the router.
struct ProducerMapping {
  std::vector<PayloadTypeMapping> payload_types;  // media and RTX codecs
  std::vector<EncodingMapping> encodings;         // in the producer's order: lowest layer first

  // Nothing for a payload type that the producer did not announce.
  std::optional<rtc::PayloadType> RouterPayloadType(rtc::PayloadType producer) const;
};

// `parameters` must be validated. Mapped ssrcs count up from `first_mapped_ssrc`, leaving out 0.
// Error: kUnsupportedParameters, where a codec is not of this kind, or the router has none like it.
Result<ProducerMapping> MapProducer(rtc::MediaKind kind, const RtpParameters& parameters,
                                    const RtpCapabilities& router, rtc::Ssrc first_mapped_ssrc);

// The producer as consumers may have it at best: the router's payload types, feedback and header
// extensions; RTX beside every codec that the router repairs, whether or not the producer has it;
// the producer's format settings. Encodings keep ssrc (mapped), bit rate, dtx and scalability mode.
// `mapping` must be MapProducer's for the same arguments.
RtpParameters ConsumableRtpParameters(rtc::MediaKind kind, const RtpParameters& parameters,
                                      const RtpCapabilities& router,
                                      const ProducerMapping& mapping);

}  // namespace confab::sfu
