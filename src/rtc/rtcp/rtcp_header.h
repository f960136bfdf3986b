#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtc/types.h"

namespace confab::rtc {

// IANA "RTCP Control Packet Types".
enum class RtcpType : uint8_t {
  kSenderReport = 200,
  kReceiverReport = 201,
  kSdes = 202,
  kBye = 203,
  kApp = 204,
  kTransportFeedback = 205,  // RTPFB
  kPayloadFeedback = 206,    // PSFB
  kExtendedReport = 207,
};

// The FMT field of the two feedback types.
enum class TransportFeedbackFormat : uint8_t { kNack = 1, kTransportCc = 15 };
enum class PayloadFeedbackFormat : uint8_t { kPli = 1, kFir = 4, kApplication = 15 };

// RFC 3550 §6.1.
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P| count   |      PT       |    length (32-bit words - 1)  |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
inline constexpr size_t kRtcpHeaderSize = 4;
// Sender's and media source's ssrc after the header (RFC 4585 §6.1).
inline constexpr size_t kFeedbackPrefixSize = 8;

// One packet of a compound, its bounds checked. `body` is what follows the header, padding removed;
// it points into the compound.
struct RtcpBlock {
  RtcpType type{};  // may be a number outside the enum
  uint8_t count_or_format = 0;
  BytesView body;
};

// Takes the next packet off the front of `rest`. nullopt at the end and on a malformed packet; the
// latter leaves `rest` as it was, so an empty `rest` tells a clean end.
std::optional<RtcpBlock> TakeRtcpBlock(BytesView& rest);

// Writes a header for a body of `body_size` octets, a multiple of 4.
void WriteRtcpHeader(ByteWriter& writer, RtcpType type, uint8_t count_or_format, size_t body_size);

}  // namespace confab::rtc
