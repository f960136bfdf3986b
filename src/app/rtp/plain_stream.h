#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rtc/types.h"

namespace confab::app {

// A stream on a plain transport, as a program at its other end must know it.
struct PlainStream {
  rtc::MediaKind kind = rtc::MediaKind::kAudio;
  std::string codec;  // as SDP names it: "opus", "VP8"
  uint32_t payload_type = 0;
  uint32_t clock_rate_hz = 0;
  uint32_t channels = 0;  // of sound
  std::string fmtp;       // "key=value;key=value"; empty: none
  uint32_t ssrc = 0;
  std::string cname;
  // Where it goes to: the server's address, or the one at which the program listens.
  std::string ip;
  uint16_t port = 0;
  uint16_t rtcp_port = 0;
  // Master key and salt of AES_CM_128_HMAC_SHA1_80 (RFC 4568 §6.1) as base64, of whoever sends;
  // empty: no SRTP.
  std::string srtp_key;
};

using PlainStreams = std::vector<PlainStream>;

inline constexpr char kSrtpSuite[] = "AES_CM_128_HMAC_SHA1_80";

}  // namespace confab::app
