#pragma once

#include <optional>

#include "rtc/rtcp/report_block.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// RR (RFC 3550 §6.4.2): sender's ssrc and report blocks.
struct ReceiverReport {
  Ssrc sender;
  ReportBlocks reports;

  static std::optional<ReceiverReport> Parse(const RtcpBlock& block);
  void Write(ByteWriter& writer) const;
};

}  // namespace confab::rtc
