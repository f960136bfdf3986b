#pragma once

#include <cstdint>
#include <string>

#include "base/check.h"
#include "rtc/rtp/extension_map.h"
#include "sfu/parameters/validate.h"

namespace confab::fuzz {

inline constexpr uint8_t kMidId = 1;
inline constexpr uint8_t kTransportCcId = 3;
inline constexpr uint8_t kAudioLevelId = 4;
inline constexpr uint8_t kRidId = 5;
inline constexpr uint32_t kVideoSsrc = 2000;
inline constexpr uint32_t kAudioSsrc = 3000;

inline sfu::RtpCodecParameters Codec(const char* mime_type, uint8_t payload_type,
                                     uint32_t clock_rate) {
  return {.mime_type = mime_type,
          .payload_type = payload_type,
          .clock_rate = clock_rate,
          .channels = {},
          .parameters = {},
          .rtcp_feedback = {{"nack", ""}, {"nack", "pli"}, {"transport-cc", ""}}};
}

// What a sender says of its camera or microphone. Video: 0 is VP8 with RTX, 1 VP8 in two layers
// that are told apart by rid, 2 VP9.
inline sfu::RtpParameters ProducerParameters(rtc::MediaKind kind, size_t variant) {
  sfu::RtpParameters parameters;
  parameters.header_extensions = {
      {std::string(rtc::UriOf(rtc::RtpExtension::kMid)), kMidId},
      {std::string(rtc::UriOf(rtc::RtpExtension::kTransportSequenceNumber)), kTransportCcId},
      {std::string(rtc::UriOf(rtc::RtpExtension::kAudioLevel)), kAudioLevelId},
      {std::string(rtc::UriOf(rtc::RtpExtension::kRid)), kRidId}};
  parameters.cname = "sender";
  if (kind == rtc::MediaKind::kAudio) {
    parameters.mid = "audio";
    parameters.codecs = {Codec("audio/opus", 111, 48'000)};
    parameters.codecs[0].channels = uint8_t{2};
    parameters.encodings = {{.ssrc = rtc::Ssrc(kAudioSsrc)}};
  } else {
    parameters.mid = "video";
    parameters.codecs = {Codec(variant == 2 ? "video/VP9" : "video/VP8", 96, 90'000),
                         Codec("video/rtx", 97, 90'000)};
    parameters.codecs[1].parameters = {{"apt", "96"}};
    parameters.encodings = {{.ssrc = rtc::Ssrc(kVideoSsrc), .rtx_ssrc = rtc::Ssrc(kVideoSsrc + 1)}};
    if (variant == 1) parameters.encodings = {{.rid = "q"}, {.rid = "h"}};
  }
  auto valid = sfu::ValidateRtpParameters(std::move(parameters));
  CHECK(valid.has_value());
  return std::move(*valid);
}

}  // namespace confab::fuzz
