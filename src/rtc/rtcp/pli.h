#pragma once

#include <optional>

#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// Picture Loss Indication (RFC 4585 §6.3.1): PSFB, FMT 1, no further content.
struct Pli {
  Ssrc sender;
  Ssrc media;

  static std::optional<Pli> Parse(const RtcpBlock& block);
  void Write(ByteWriter& writer) const;
  bool operator==(const Pli&) const = default;
};

}  // namespace confab::rtc
