#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "rtc/rtp/rtp_extensions.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// A header to write. Extension ids are 1..255 and unique; values are at most 255 octets. A block
// takes the two-byte form when any id is above 14 or any value is empty or longer than 16 octets.
struct RtpHeaderFields {
  bool marker = false;
  PayloadType payload_type;
  uint16_t sequence_number = 0;
  uint32_t timestamp = 0;
  Ssrc ssrc;
  std::span<const Ssrc> csrcs;                   // at most 15
  std::span<const ExtensionElement> extensions;  // elements with id 0 are left out
};

// Octets that WriteRtpHeader will take.
size_t RtpHeaderSize(const RtpHeaderFields& fields);
// Writes the header at the start of `out` and returns its size; 0 when it does not fit or there are
// too many CSRCs.
size_t WriteRtpHeader(const RtpHeaderFields& fields, MutableBytes out);

}  // namespace confab::rtc
