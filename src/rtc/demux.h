#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace confab::rtc {

// What shares the one port of a transport (RFC 7983 §7, RFC 5761 §4).
enum class DatagramKind : uint8_t { kUnknown, kStun, kDtls, kRtp, kRtcp };

//              +----------------+
//              |        [0..3] -+--> STUN
//  packet -->  |      [20..63] -+--> DTLS
//              |    [128..191] -+--> RTP, or RTCP if the second octet is 192..223
//              +----------------+
// RFC 7983 §7, Figure 3; the ranges of ZRTP, TURN channels and what is left are kUnknown.
constexpr bool IsStun(uint8_t first) {
  return first <= 3;
}
constexpr bool IsDtls(uint8_t first) {
  return first >= 20 && first <= 63;
}
constexpr bool IsRtpOrRtcp(uint8_t first) {
  return first >= 128 && first <= 191;
}
// RFC 5761 §4: payload types 64 to 95 are not used for RTP, so that the second octet (marker
// included) tells RTCP packet types 192 to 223 apart.
constexpr bool IsRtcpType(uint8_t second) {
  return second >= 192 && second <= 223;
}

constexpr DatagramKind ClassifyDatagram(BytesView datagram) {
  if (datagram.empty()) return DatagramKind::kUnknown;
  if (IsStun(datagram[0])) return DatagramKind::kStun;
  if (IsDtls(datagram[0])) return DatagramKind::kDtls;
  if (!IsRtpOrRtcp(datagram[0]) || datagram.size() < 2) return DatagramKind::kUnknown;
  return IsRtcpType(datagram[1]) ? DatagramKind::kRtcp : DatagramKind::kRtp;
}

}  // namespace confab::rtc
