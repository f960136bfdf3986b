#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "rtc/rtcp/bounded_list.h"
#include "rtc/types.h"

namespace confab::rtc {

// RFC 3550 §6.4.1.
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
// |                             SSRC                              |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// | fraction lost |       cumulative number of packets lost       |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |           extended highest sequence number received           |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                      interarrival jitter                      |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                         last SR (LSR)                         |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                   delay since last SR (DLSR)                  |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct ReportBlock {
  static constexpr size_t kSize = 24;

  Ssrc ssrc;
  uint8_t fraction_lost_q8 = 0;  // of 256
  int32_t cumulative_lost = 0;   // 24 bits, signed
  uint32_t extended_highest_sequence = 0;
  uint32_t jitter = 0;                  // in units of the RTP timestamp
  uint32_t last_sender_report = 0;      // NtpTime::compact() of it; 0 when there was none
  uint32_t delay_since_report_q16 = 0;  // in 1/65536 s

  static ReportBlock Read(ByteReader& reader);
  void Write(ByteWriter& writer) const;
  bool operator==(const ReportBlock&) const = default;
};

// The count field of SR and RR has five bits.
inline constexpr size_t kMaxReportBlocks = 31;
using ReportBlocks = BoundedList<ReportBlock, kMaxReportBlocks>;

}  // namespace confab::rtc
