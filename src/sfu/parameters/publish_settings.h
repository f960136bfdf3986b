#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// One RTCRtpEncodingParameters of `transport.produce({ encodings })`; zero and empty: not said.
struct PublishEncoding {
  uint32_t max_bitrate_bps = 0;
  uint32_t max_framerate = 0;  // frames per second
  std::string scalability_mode;
  bool operator==(const PublishEncoding&) const = default;
};

// `codecOptions` of mediasoup-client.
struct AudioCodecOptions {
  bool fec = true;  // in-band redundancy: hides single losses
  bool dtx = true;  // silence costs next to nothing
  uint32_t max_average_bitrate_bps = 32'000;
};
struct VideoCodecOptions {
  uint32_t start_bitrate_kbps = 0;  // 0: the browser's own 300
};

struct AudioPublishSettings {
  RtpCodecCapability codec;
  AudioCodecOptions options;
};
struct VideoPublishSettings {
  RtpCodecCapability codec;
  std::vector<PublishEncoding> encodings;
  VideoCodecOptions options;
};

// What clients are told to publish: the arguments of `transport.produce()`.
struct PublishSettings {
  AudioPublishSettings audio;
  VideoPublishSettings camera;
  VideoPublishSettings screen;
};

// Video codecs in the order in which a room wants them, by MIME type. A codec wins when every
// participant decodes it.
inline constexpr std::string_view kDefaultVideoPreference[] = {"video/VP8", "video/H264",
                                                               "video/VP9", "video/AV1"};

// The first codec of `preference` that the router and each of `participants` know; nothing where
// there is none. Where the router has several formats of a codec, the first that all know.
const RtpCodecCapability* ChooseVideoCodec(const RtpCapabilities& router,
                                           std::span<const RtpCapabilities> participants,
                                           std::span<const std::string_view> preference);

// Where no codec suits everyone, the router's first of `preference`: those who cannot decode it go
// without video rather than the whole room.
PublishSettings ChoosePublishSettings(const RtpCapabilities& router,
                                      std::span<const RtpCapabilities> participants,
                                      std::span<const std::string_view> preference);

}  // namespace confab::sfu
