#pragma once

#include <optional>

#include "base/units.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// XR (RFC 3611): the sender's ssrc and blocks {type, specific, length in words, content}. Only the
// receiver reference time (block type 4, §4.4) is read; other blocks are stepped over.
struct ExtendedReport {
  Ssrc sender;
  std::optional<NtpTime> receiver_reference_time;

  static std::optional<ExtendedReport> Parse(const RtcpBlock& block);
  void Write(ByteWriter& writer) const;
};

}  // namespace confab::rtc
