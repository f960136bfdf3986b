#include "sfu/parameters/publish_settings.h"

#include <algorithm>

#include "base/check.h"
#include "sfu/parameters/codec.h"
#include "sfu/parameters/matching.h"

namespace confab::sfu {
namespace {

// One stream each until simulcast comes: good 720p for a face, sharp text for a screen.
constexpr uint32_t kCameraBitrateBps = 1'500'000;
constexpr uint32_t kScreenBitrateBps = 2'500'000;
constexpr uint32_t kScreenFramerate = 15;
// Where the encoder begins, so that the first second is not a blur.
constexpr uint32_t kStartBitrateKbps = 1'000;

bool Knows(const RtpCapabilities& participant, const RtpCodecCapability& codec) {
  return std::ranges::any_of(participant.codecs, [&](const RtpCodecCapability& own) {
    return MatchCodecs(ViewOf(own), ViewOf(codec));
  });
}

bool AllKnow(std::span<const RtpCapabilities> participants, const RtpCodecCapability& codec) {
  return std::ranges::all_of(participants, [&](const auto& each) { return Knows(each, codec); });
}

const RtpCodecCapability* FindAudioCodec(const RtpCapabilities& router) {
  const auto found =
      std::ranges::find(router.codecs, rtc::MediaKind::kAudio, &RtpCodecCapability::kind);
  return found == router.codecs.end() ? nullptr : &*found;
}

VideoPublishSettings Camera(const RtpCodecCapability& codec) {
  return {.codec = codec,
          .encodings = {{.max_bitrate_bps = kCameraBitrateBps}},
          .options = {.start_bitrate_kbps = kStartBitrateKbps}};
}

VideoPublishSettings Screen(const RtpCodecCapability& codec) {
  return {.codec = codec,
          .encodings = {{.max_bitrate_bps = kScreenBitrateBps, .max_framerate = kScreenFramerate}},
          .options = {.start_bitrate_kbps = kStartBitrateKbps}};
}

}  // namespace

const RtpCodecCapability* ChooseVideoCodec(const RtpCapabilities& router,
                                           std::span<const RtpCapabilities> participants,
                                           std::span<const std::string_view> preference) {
  for (const std::string_view wanted : preference) {
    for (const RtpCodecCapability& codec : router.codecs) {
      if (EqualIgnoringCase(codec.mime_type, wanted) && AllKnow(participants, codec)) return &codec;
    }
  }
  return nullptr;
}

PublishSettings ChoosePublishSettings(const RtpCapabilities& router,
                                      std::span<const RtpCapabilities> participants,
                                      std::span<const std::string_view> preference) {
  const RtpCodecCapability* audio = FindAudioCodec(router);
  const RtpCodecCapability* video = ChooseVideoCodec(router, participants, preference);
  if (video == nullptr) video = ChooseVideoCodec(router, {}, preference);
  // The router's own capabilities and the room's own preference: never a client's doing.
  CHECK(audio != nullptr && video != nullptr);
  return {.audio = {.codec = *audio}, .camera = Camera(*video), .screen = Screen(*video)};
}

}  // namespace confab::sfu
