#include "services/signaling/protocol/publish_settings.h"

#include <boost/algorithm/string/predicate.hpp>
#include <string_view>

#include "services/signaling/protocol/rtp_writer.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;

constexpr int kCameraMaxBitrate = 1'500'000;  // bits per second: 720p VP8
constexpr int kScreenMaxBitrate = 2'500'000;
constexpr int kStartBitrateKbps = 1000;

// The codec of that name, or the first of the kind.
const pb::RtpCodecCapability* Choose(const pb::RtpCapabilities& router, std::string_view kind,
                                     std::string_view mime_type) {
  const pb::RtpCodecCapability* first = nullptr;
  for (const pb::RtpCodecCapability& codec : router.codecs()) {
    if (codec.kind() != kind) continue;
    if (boost::algorithm::iequals(codec.mime_type(), mime_type)) return &codec;
    if (first == nullptr) first = &codec;
  }
  return first;
}

json::object VideoSettings(const pb::RtpCodecCapability& codec, int max_bitrate) {
  json::array encodings;
  encodings.push_back(json::object({{"maxBitrate", max_bitrate}}));
  return {{"codec", ToJson(codec)},
          {"encodings", std::move(encodings)},
          {"codecOptions", json::object({{"videoGoogleStartBitrate", kStartBitrateKbps}})}};
}

}  // namespace

json::object PublishSettings(const pb::RtpCapabilities& router) {
  json::object settings;
  if (const auto* audio = Choose(router, "audio", "audio/opus")) {
    // No DTX: the audio levels that tell who speaks must keep coming.
    settings["audio"] = {
        {"codec", ToJson(*audio)},
        {"codecOptions", {{"opusFec", true}, {"opusDtx", false}, {"opusStereo", false}}}};
  }
  if (const auto* video = Choose(router, "video", "video/VP8")) {
    settings["video"] = VideoSettings(*video, kCameraMaxBitrate);
    settings["screen"] = VideoSettings(*video, kScreenMaxBitrate);
  }
  return settings;
}

}  // namespace confab::signaling
