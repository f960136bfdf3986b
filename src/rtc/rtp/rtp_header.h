#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtc/types.h"

namespace confab::rtc {

// The fixed part of an RTP header (RFC 3550 §5.1).
inline constexpr size_t kRtpFixedHeaderSize = 12;
// Of an extension block: profile and length.
inline constexpr size_t kRtpExtensionHeaderSize = 4;
inline constexpr uint8_t kRtpVersion = 2;
inline constexpr size_t kMaxRtpCsrcs = 15;

//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                           timestamp                           |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |           synchronization source (SSRC) identifier            |
// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
// |            contributing source (CSRC) identifiers             |
// |                             ....                              |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |      extension profile        |   length in 32-bit words      |  if X
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// A parsed header. The views point into the packet and live as long as its memory.
struct RtpHeader {
  bool marker = false;
  // Padding is inside the encrypted part: look at it after opening, with PayloadOf.
  bool has_padding = false;
  PayloadType payload_type;
  uint16_t sequence_number = 0;
  uint32_t timestamp = 0;
  Ssrc ssrc;
  BytesView csrcs;                 // 4 octets each
  uint16_t extension_profile = 0;  // 0 when there is no extension
  BytesView extension;             // without profile and length
  size_t header_size = 0;          // up to and including the extension

  size_t csrc_count() const { return csrcs.size() / 4; }
  Ssrc csrc(size_t i) const { return Ssrc(LoadU32(&csrcs[i * 4])); }
};

// Parses the header of a plain or of a protected packet. nullopt: not version 2, or CSRCs or
// extension reach past the end.
std::optional<RtpHeader> ParseRtpHeader(BytesView packet);

// The payload of an opened packet, without padding; may be empty (a padding-only probe). nullopt:
// the padding count is zero or larger than what follows the header (RFC 3550 §5.1).
std::optional<BytesView> PayloadOf(const RtpHeader& header, BytesView opened_packet);

// Tells RTCP from RTP among datagrams whose first octet is 128..191 (RFC 7983 §7), by the second
// one (RFC 5761 §4): RTP payload types 64..95 are never given out.
constexpr bool LooksLikeRtcp(uint8_t second_octet) {
  return second_octet >= 192 && second_octet <= 223;
}

}  // namespace confab::rtc
