#pragma once

#include <cstdint>
#include <optional>

#include "rtc/rtcp/bounded_list.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// Full Intra Request (RFC 5104 §4.3.1): PSFB, FMT 4. The media ssrc of the feedback header is 0;
// entries name the streams:
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                              SSRC                             |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// | Seq nr.       |    Reserved                                   |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct Fir {
  static constexpr size_t kEntrySize = 8;
  // Of a longer packet the first ones count.
  static constexpr size_t kMaxEntries = 32;

  struct Entry {
    Ssrc ssrc;
    uint8_t sequence_number = 0;
    bool operator==(const Entry&) const = default;
  };
  Ssrc sender;
  BoundedList<Entry, kMaxEntries> entries;

  static std::optional<Fir> Parse(const RtcpBlock& block);
  void Write(ByteWriter& writer) const;
};

}  // namespace confab::rtc
