#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rtc/types.h"

namespace confab::sfu {

// mediasoup's parameter model (mediasoup documentation, "RTP Parameters and Capabilities"), as
// plain values. Text fields hold what the wire says; numbers are already in range once ValidateX
// has taken them (sfu/parameters/validate.h).

struct RtcpFeedback {
  std::string type;
  std::string parameter;
  bool operator==(const RtcpFeedback&) const = default;
};

// Format-specific parameters in the order they came; values are decimal integers or text.
using CodecSettings = std::vector<std::pair<std::string, std::string>>;

struct RtpCodecCapability {
  rtc::MediaKind kind = rtc::MediaKind::kAudio;
  std::string mime_type;  // "video/VP8"; compared without case
  std::optional<uint8_t> preferred_payload_type;
  uint32_t clock_rate = 0;          // Hz
  std::optional<uint8_t> channels;  // audio only
  CodecSettings parameters;
  std::vector<RtcpFeedback> rtcp_feedback;
};

enum class ExtensionDirection : uint8_t { kSendRecv, kSendOnly, kRecvOnly, kInactive };

struct RtpHeaderExtension {
  rtc::MediaKind kind = rtc::MediaKind::kAudio;
  std::string uri;
  uint8_t preferred_id = 0;
  ExtensionDirection direction = ExtensionDirection::kSendRecv;
};

struct RtpCapabilities {
  std::vector<RtpCodecCapability> codecs;
  std::vector<RtpHeaderExtension> header_extensions;
};

struct RtpCodecParameters {
  std::string mime_type;
  uint8_t payload_type = 0;
  uint32_t clock_rate = 0;
  std::optional<uint8_t> channels;
  CodecSettings parameters;
  std::vector<RtcpFeedback> rtcp_feedback;
};

struct RtpHeaderExtensionParameters {
  std::string uri;
  uint8_t id = 0;
};

struct RtpEncodingParameters {
  std::optional<rtc::Ssrc> ssrc;
  std::string rid;  // empty: none
  std::optional<uint8_t> codec_payload_type;
  std::optional<rtc::Ssrc> rtx_ssrc;
  bool dtx = false;
  std::string scalability_mode;  // empty: none
  uint32_t max_bitrate_bps = 0;  // 0: unknown
};

struct RtpParameters {
  std::string mid;
  std::vector<RtpCodecParameters> codecs;
  std::vector<RtpHeaderExtensionParameters> header_extensions;
  std::vector<RtpEncodingParameters> encodings;
  std::string cname;
  bool reduced_size = true;
};

}  // namespace confab::sfu
