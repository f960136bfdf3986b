#include "sim/peer/parameters.h"

#include "sfu/parameters/header_extensions.h"

namespace confab::sim {
namespace {

constexpr uint8_t kVp8 = 96;
constexpr uint8_t kRtx = 97;
constexpr uint8_t kOpus = 111;
constexpr uint32_t kVideoClockRate = 90'000;
constexpr uint32_t kOpusClockRate = 48'000;

std::vector<sfu::RtpHeaderExtensionParameters> Extensions() {
  return {{std::string(UriOf(rtc::RtpExtension::kAudioLevel)), 1},
          {std::string(UriOf(rtc::RtpExtension::kTransportSequenceNumber)), 3},
          {std::string(UriOf(rtc::RtpExtension::kMid)), 4}};
}

std::string MidOf(rtc::MediaKind kind) {
  return kind == rtc::MediaKind::kVideo ? "1" : "0";
}

std::vector<sfu::RtpCodecParameters> Codecs(rtc::MediaKind kind) {
  if (kind == rtc::MediaKind::kAudio) {
    return {{.mime_type = "audio/opus",
             .payload_type = kOpus,
             .clock_rate = kOpusClockRate,
             .channels = 2,
             .parameters = {},
             .rtcp_feedback = {{"transport-cc", ""}}}};
  }
  return {{.mime_type = "video/VP8",
           .payload_type = kVp8,
           .clock_rate = kVideoClockRate,
           .channels = {},
           .parameters = {},
           .rtcp_feedback = {{"nack", ""}, {"nack", "pli"}, {"transport-cc", ""}}},
          {.mime_type = "video/rtx",
           .payload_type = kRtx,
           .clock_rate = kVideoClockRate,
           .channels = {},
           .parameters = {{"apt", "96"}},
           .rtcp_feedback = {}}};
}

}  // namespace

sfu::RtpParameters SentParameters(rtc::MediaKind kind, rtc::Ssrc ssrc,
                                  std::optional<rtc::Ssrc> rtx_ssrc) {
  sfu::RtpParameters parameters;
  parameters.mid = MidOf(kind);
  parameters.codecs = Codecs(kind);
  parameters.header_extensions = Extensions();
  parameters.encodings = {{.ssrc = ssrc, .rtx_ssrc = rtx_ssrc}};
  parameters.cname = "simulated";
  return parameters;
}

SentStreamOptions SentOptions(rtc::MediaKind kind, rtc::Ssrc ssrc,
                              std::optional<rtc::Ssrc> rtx_ssrc) {
  const rtc::ExtensionMap extensions = sfu::MapOf(Extensions());
  const bool video = kind == rtc::MediaKind::kVideo;
  SentStreamOptions options{.kind = kind,
                            .media = {.ssrc = ssrc,
                                      .payload_type = rtc::PayloadType(video ? kVp8 : kOpus),
                                      .mid = MidOf(kind),
                                      .extensions = extensions},
                            .rtx = {},
                            .clock_rate = video ? kVideoClockRate : kOpusClockRate};
  if (rtx_ssrc) {
    options.rtx = {.ssrc = *rtx_ssrc,
                   .payload_type = rtc::PayloadType(kRtx),
                   .mid = MidOf(kind),
                   .extensions = extensions};
  }
  return options;
}

}  // namespace confab::sim
