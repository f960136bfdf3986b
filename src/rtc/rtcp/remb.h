#pragma once

#include <optional>

#include "base/units.h"
#include "rtc/rtcp/bounded_list.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// Receiver Estimated Maximum Bitrate (draft-alvestrand-rmcat-remb-03): PSFB, FMT 15.
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  Unique identifier 'R' 'E' 'M' 'B'                            |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  Num SSRC     | BR Exp    |  BR Mantissa                      |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |   SSRC feedback …                                             |
struct Remb {
  // Of a longer packet the first ones are kept.
  static constexpr size_t kMaxSsrcs = 32;

  Ssrc sender;
  DataRate bitrate;  // rounded down to 18 significant bits when written
  BoundedList<Ssrc, kMaxSsrcs> ssrcs;

  // Whether this application-layer feedback is a REMB at all.
  static bool Matches(const RtcpBlock& block);
  static std::optional<Remb> Parse(const RtcpBlock& block);
  void Write(ByteWriter& writer) const;
};

}  // namespace confab::rtc
