#pragma once

#include <string>

#include "base/error.h"
#include "rtc/types.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// What is the consumer's own, chosen by its transport.
struct ConsumerIdentity {
  std::string mid;     // unique on the transport, never used again on it
  rtc::Ssrc ssrc;      // never used again within the DTLS association
  rtc::Ssrc rtx_ssrc;  // used where the consumer has RTX
  std::string cname;   // one per participant, never empty
};

// Whether a receiver with these (validated) capabilities decodes at least one of the producer's
// codecs.
bool CanConsume(const RtpParameters& consumable, const RtpCapabilities& receiver);

// What the receiver is told, and what its packets look like:
// - codecs that the receiver knows, with the router's payload types; RTX only with its codec, and
//   only where the receiver has RTX for that codec;
// - feedback that both sides know; plain NACK only where RTX answers it; of transport-cc and
//   goog-remb only the one whose header extension is there;
// - header extensions that the receiver knows by the router's id;
// - one encoding, whatever the producer sends, with the layers inside as its scalability mode.
// Error: kCannotConsume.
Result<RtpParameters> ConsumerRtpParameters(const RtpParameters& consumable,
                                            const RtpCapabilities& receiver,
                                            const ConsumerIdentity& identity);

}  // namespace confab::sfu
