#include "sfu/parameters/supported_capabilities.h"

#include <array>

#include "sfu/parameters/header_extensions.h"

namespace confab::sfu {
namespace {

using enum rtc::MediaKind;
using enum ExtensionDirection;
using rtc::RtpExtension;

constexpr uint32_t kOpusClockRate = 48'000;   // RFC 7587 §4.1, whatever the codec works at
constexpr uint32_t kVideoClockRate = 90'000;  // every video format here

// Payload types are part of what every consumer sees: add at the end, never renumber. 127 is left
// free: mediasoup-client uses it for its probator.
constexpr uint8_t kOpusPayloadType = 100;

struct VideoFormat {
  const char* mime_type;
  uint8_t payload_type;  // its RTX has the next number
  CodecSettings settings;
};

CodecSettings H264Settings(const char* profile_level_id) {
  return {{"level-asymmetry-allowed", "1"},
          {"packetization-mode", "1"},
          {"profile-level-id", profile_level_id}};
}

// The order is the order of preference. H264's levels are the highest of their kind that contain a
// letter: text of decimal digits alone might reach a client as a number, which matches nothing.
std::array<VideoFormat, 7> VideoFormats() {
  return {{{"video/VP8", 101, {}},
           {"video/VP9", 103, {{"profile-id", "0"}}},
           {"video/VP9", 105, {{"profile-id", "2"}}},
           {"video/H264", 107, H264Settings("42e01f")},
           {"video/H264", 109, H264Settings("4d0032")},
           {"video/H264", 111, H264Settings("64002a")},
           {"video/AV1", 113, {{"level-idx", "5"}, {"profile", "0"}, {"tier", "0"}}}}};
}

RtpCodecCapability Opus() {
  return {.kind = kAudio,
          .mime_type = "audio/opus",
          .preferred_payload_type = kOpusPayloadType,
          .clock_rate = kOpusClockRate,
          .channels = 2,
          .parameters = {{"minptime", "10"}, {"useinbandfec", "1"}},
          .rtcp_feedback = {{"nack", ""}, {"transport-cc", ""}}};
}

RtpCodecCapability Media(const VideoFormat& format) {
  // No goog-remb: transport-cc is measured at the sender, and a browser that has both negotiated
  // may listen to the wrong one.
  return {.kind = kVideo,
          .mime_type = format.mime_type,
          .preferred_payload_type = format.payload_type,
          .clock_rate = kVideoClockRate,
          .parameters = format.settings,
          .rtcp_feedback = {{"nack", ""}, {"nack", "pli"}, {"ccm", "fir"}, {"transport-cc", ""}}};
}

RtpCodecCapability RtxFor(const VideoFormat& format) {
  return {.kind = kVideo,
          .mime_type = "video/rtx",
          .preferred_payload_type = static_cast<uint8_t>(format.payload_type + 1),
          .clock_rate = kVideoClockRate,
          .parameters = {{"apt", std::to_string(format.payload_type)}}};
}

struct Offer {
  rtc::MediaKind kind;
  RtpExtension extension;
  ExtensionDirection direction;  // the router's: kRecvOnly reaches no consumer
};

// - rid, rrid: consumers are single streams, named by their mid.
// - abs-send-time: transport-cc makes it needless towards receivers; inwards it measures jitter.
// - transport-cc for audio too: one estimate sees all that a transport sends.
constexpr std::array kOffers{
    Offer{kAudio, RtpExtension::kMid, kSendRecv},
    Offer{kVideo, RtpExtension::kMid, kSendRecv},
    Offer{kVideo, RtpExtension::kRid, kRecvOnly},
    Offer{kVideo, RtpExtension::kRepairedRid, kRecvOnly},
    Offer{kAudio, RtpExtension::kAbsSendTime, kRecvOnly},
    Offer{kVideo, RtpExtension::kAbsSendTime, kRecvOnly},
    Offer{kAudio, RtpExtension::kTransportSequenceNumber, kSendRecv},
    Offer{kVideo, RtpExtension::kTransportSequenceNumber, kSendRecv},
    Offer{kVideo, RtpExtension::kDependencyDescriptor, kSendRecv},
    Offer{kAudio, RtpExtension::kAudioLevel, kSendRecv},
    Offer{kVideo, RtpExtension::kVideoOrientation, kSendRecv},
    Offer{kAudio, RtpExtension::kAbsCaptureTime, kSendRecv},
    Offer{kVideo, RtpExtension::kAbsCaptureTime, kSendRecv},
    Offer{kVideo, RtpExtension::kPlayoutDelay, kSendRecv},
};

RtpHeaderExtension Capability(const Offer& offer) {
  return {.kind = offer.kind,
          .uri = std::string(UriOf(offer.extension)),
          .preferred_id = RouterIdOf(offer.extension),
          .direction = offer.direction};
}

RtpCapabilities Build() {
  RtpCapabilities capabilities;
  capabilities.codecs.push_back(Opus());
  for (const VideoFormat& format : VideoFormats()) {
    capabilities.codecs.push_back(Media(format));
    capabilities.codecs.push_back(RtxFor(format));
  }
  for (const Offer& offer : kOffers) capabilities.header_extensions.push_back(Capability(offer));
  return capabilities;
}

}  // namespace

const RtpCapabilities& RouterRtpCapabilities() {
  static const RtpCapabilities capabilities = Build();
  return capabilities;
}

}  // namespace confab::sfu
