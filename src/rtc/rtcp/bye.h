#pragma once

#include <optional>

#include "rtc/rtcp/bounded_list.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// BYE (RFC 3550 §6.6): ssrcs that leave. The reason text is ignored and never written.
struct Bye {
  static constexpr size_t kMaxSsrcs = 31;
  BoundedList<Ssrc, kMaxSsrcs> ssrcs;

  static std::optional<Bye> Parse(const RtcpBlock& block);
  void Write(ByteWriter& writer) const;
};

}  // namespace confab::rtc
