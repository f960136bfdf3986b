#include "rtc/rtp/rtp_header.h"

namespace confab::rtc {

// On the hot path: bounds are checked three times at most, not for each field.
std::optional<RtpHeader> ParseRtpHeader(BytesView packet) {
  if (packet.size() < kRtpFixedHeaderSize || packet[0] >> 6 != kRtpVersion) return std::nullopt;
  const uint8_t* p = packet.data();
  RtpHeader header{.marker = (p[1] & 0x80) != 0,
                   .has_padding = (p[0] & 0x20) != 0,
                   .payload_type = PayloadType(p[1] & 0x7f),
                   .sequence_number = LoadU16(p + 2),
                   .timestamp = LoadU32(p + 4),
                   .ssrc = Ssrc(LoadU32(p + 8))};
  const size_t csrc_octets = size_t{4} * (p[0] & 0x0f);
  if (packet.size() - kRtpFixedHeaderSize < csrc_octets) return std::nullopt;
  header.csrcs = packet.subspan(kRtpFixedHeaderSize, csrc_octets);
  header.header_size = kRtpFixedHeaderSize + csrc_octets;
  if ((p[0] & 0x10) == 0) return header;

  const BytesView rest = packet.subspan(header.header_size);
  if (rest.size() < kRtpExtensionHeaderSize) return std::nullopt;
  header.extension_profile = LoadU16(&rest[0]);
  const size_t extension_octets = size_t{4} * LoadU16(&rest[2]);
  if (rest.size() - kRtpExtensionHeaderSize < extension_octets) return std::nullopt;
  header.extension = rest.subspan(kRtpExtensionHeaderSize, extension_octets);
  header.header_size += kRtpExtensionHeaderSize + extension_octets;
  return header;
}

std::optional<BytesView> PayloadOf(const RtpHeader& header, BytesView opened_packet) {
  if (opened_packet.size() < header.header_size) return std::nullopt;
  const BytesView payload = opened_packet.subspan(header.header_size);
  if (!header.has_padding) return payload;
  // "The last octet of the padding contains a count of how many padding octets should be ignored,
  // including itself."
  const size_t padding = payload.empty() ? 0 : payload.back();
  if (padding == 0 || padding > payload.size()) return std::nullopt;
  return payload.first(payload.size() - padding);
}

}  // namespace confab::rtc
