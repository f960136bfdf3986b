#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// Where the pieces of a protected packet are:
//
//   RTP,  every profile   | header | encrypted payload | tag |
//   RTCP, AEAD (§9.2)     | 8 octets | encrypted rest | tag | E+index |
//   RTCP, SHA-1 (RFC 3711 §3.4)
//                         | 8 octets | encrypted rest | E+index | tag |
//
// With E = 0 the rest is plain (RFC 7714 §9.3, RFC 3711 §3.4) and all else stays. A clear packet is
// header and payload alone, and its RTCP has no index.

// The part of an SRTCP packet that is never encrypted: the first header and the sender's ssrc.
inline constexpr size_t kRtcpPlainHeaderSize = 8;
// E flag and 31-bit index.
inline constexpr size_t kSrtcpTrailerSize = 4;
inline constexpr uint32_t kSrtcpEncryptedFlag = 0x8000'0000;
// "The SRTCP index is a 31-bit counter" (RFC 3711 §3.4).
inline constexpr uint32_t kMaxSrtcpIndex = 0x7fff'ffff;
// 32 bits of roll-over counter and 16 of sequence number (RFC 3711 §3.3.1).
inline constexpr uint64_t kMaxSrtpIndex = 0xffff'ffff'ffff;

// Octets of authentication tag; the same for RTP and RTCP.
constexpr size_t TagSize(SrtpProfile profile) {
  switch (profile) {
    case SrtpProfile::kClear: return 0;
    case SrtpProfile::kAesCm128HmacSha1_80: return 10;
    case SrtpProfile::kAeadAes128Gcm:
    case SrtpProfile::kAeadAes256Gcm: return 16;
  }
  return 0;
}

// Whether RTCP ends in the E flag and an index.
constexpr bool HasSrtcpTrailer(SrtpProfile profile) {
  return profile != SrtpProfile::kClear;
}

// What sealing adds to a packet of this profile and kind.
constexpr size_t SealOverhead(SrtpProfile profile, SrtpKind kind) {
  const bool has_trailer = kind == SrtpKind::kRtcp && HasSrtcpTrailer(profile);
  return TagSize(profile) + (has_trailer ? kSrtcpTrailerSize : 0);
}

// Offset of the E+index word in a protected RTCP packet of `packet_size` octets; nullopt when the
// packet is too short to hold header, tag and trailer, or the profile has none.
constexpr std::optional<size_t> SrtcpTrailerOffset(SrtpProfile profile, size_t packet_size) {
  if (!HasSrtcpTrailer(profile)) return std::nullopt;
  if (packet_size < kRtcpPlainHeaderSize + SealOverhead(profile, SrtpKind::kRtcp)) {
    return std::nullopt;
  }
  const bool tag_is_last = profile == SrtpProfile::kAesCm128HmacSha1_80;
  return packet_size - kSrtcpTrailerSize - (tag_is_last ? TagSize(profile) : 0);
}

struct SrtcpTrailer {
  bool encrypted = false;
  uint32_t index = 0;  // 31 bits; goes into OpenJob::index
};

// Reads E flag and index of a protected RTCP packet. Not authenticated yet.
inline std::optional<SrtcpTrailer> ReadSrtcpTrailer(SrtpProfile profile, BytesView packet) {
  const std::optional<size_t> offset = SrtcpTrailerOffset(profile, packet.size());
  if (!offset) return std::nullopt;
  const uint32_t word = LoadU32(&packet[*offset]);
  return SrtcpTrailer{(word & kSrtcpEncryptedFlag) != 0, word & kMaxSrtcpIndex};
}

}  // namespace confab::rtc
