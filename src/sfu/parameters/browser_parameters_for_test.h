#pragma once

#include <string>

#include "sfu/parameters/header_extensions.h"
#include "sfu/parameters/rtp_parameters.h"
#include "sfu/parameters/supported_capabilities.h"

// What a Chromium-like browser says through mediasoup-client. Tests only.
namespace confab::sfu::testing {

inline RtpCodecCapability AudioCapability(const char* name, uint8_t number, uint32_t clock_rate,
                                          uint8_t channels, CodecSettings settings = {}) {
  return {.kind = rtc::MediaKind::kAudio,
          .mime_type = std::string("audio/") + name,
          .preferred_payload_type = number,
          .clock_rate = clock_rate,
          .channels = channels,
          .parameters = std::move(settings),
          .rtcp_feedback = {{"transport-cc", ""}, {"nack", ""}}};
}

inline RtpCodecCapability VideoCapability(const char* name, uint8_t number,
                                          CodecSettings settings = {}) {
  return {
      .kind = rtc::MediaKind::kVideo,
      .mime_type = std::string("video/") + name,
      .preferred_payload_type = number,
      .clock_rate = 90'000,
      .parameters = std::move(settings),
      .rtcp_feedback = {
          {"goog-remb", ""}, {"transport-cc", ""}, {"ccm", "fir"}, {"nack", ""}, {"nack", "pli"}}};
}

inline RtpCodecCapability RtxCapability(uint8_t number, uint8_t repaired) {
  RtpCodecCapability rtx = VideoCapability("rtx", number, {{"apt", std::to_string(repaired)}});
  rtx.rtcp_feedback.clear();
  return rtx;
}

inline CodecSettings H264(const char* profile_level_id, const char* packetization_mode = "1") {
  return {{"level-asymmetry-allowed", "1"},
          {"packetization-mode", packetization_mode},
          {"profile-level-id", profile_level_id}};
}

// The browser's own numbers, before anything is negotiated.
inline RtpCapabilities NativeCapabilities() {
  RtpCapabilities native;
  native.codecs = {
      AudioCapability("opus", 111, 48'000, 2, {{"minptime", "10"}, {"useinbandfec", "1"}}),
      AudioCapability("red", 63, 48'000, 2, {{"111/111", ""}}),
      AudioCapability("G722", 9, 8'000, 1),
      AudioCapability("PCMU", 0, 8'000, 1),
      AudioCapability("telephone-event", 110, 48'000, 1, {{"0-16", ""}}),
      VideoCapability("VP8", 96),
      RtxCapability(97, 96),
      VideoCapability("H264", 103, H264("42001f")),
      RtxCapability(104, 103),
      VideoCapability("H264", 115, H264("42e01f", "0")),
      RtxCapability(116, 115),
      VideoCapability("H264", 109, H264("42e01f")),
      RtxCapability(114, 109),
      VideoCapability("H264", 117, H264("4d001f")),
      RtxCapability(118, 117),
      VideoCapability("H264", 112, H264("64001f")),
      RtxCapability(113, 112),
      VideoCapability("AV1", 45, {{"level-idx", "5"}, {"profile", "0"}, {"tier", "0"}}),
      RtxCapability(46, 45),
      VideoCapability("VP9", 98, {{"profile-id", "0"}}),
      RtxCapability(99, 98),
      VideoCapability("VP9", 100, {{"profile-id", "2"}}),
      RtxCapability(101, 100),
      VideoCapability("ulpfec", 125),
  };
  native.header_extensions = {
      {rtc::MediaKind::kAudio, std::string(UriOf(rtc::RtpExtension::kAudioLevel)), 1},
      {rtc::MediaKind::kAudio, std::string(UriOf(rtc::RtpExtension::kMid)), 4},
      {rtc::MediaKind::kVideo, "urn:ietf:params:rtp-hdrext:toffset", 14},
      {rtc::MediaKind::kVideo, std::string(UriOf(rtc::RtpExtension::kMid)), 4},
  };
  return native;
}

// What mediasoup-client gives as device.rtpCapabilities: the router's numbers and ids.
inline RtpCapabilities ReceiverCapabilities() {
  RtpCapabilities receiver = RouterRtpCapabilities();
  std::erase_if(receiver.header_extensions, [](const RtpHeaderExtension& extension) {
    return extension.direction != ExtensionDirection::kSendRecv;
  });
  return receiver;
}

// A receiver with numbers of its own for VP8 and Opus, as a client of another make might have.
inline RtpCapabilities ForeignReceiverCapabilities() {
  RtpCapabilities receiver;
  receiver.codecs = {AudioCapability("OPUS", 120, 48'000, 2), VideoCapability("vp8", 98),
                     RtxCapability(99, 98)};
  receiver.header_extensions = ReceiverCapabilities().header_extensions;
  return receiver;
}

inline RtpParameters Vp8Producer() {
  return {
      .mid = "1",
      .codecs =
          {{.mime_type = "video/VP8",
            .payload_type = 96,
            .clock_rate = 90'000,
            .rtcp_feedback = {{"transport-cc", ""}, {"ccm", "fir"}, {"nack", ""}, {"nack", "pli"}}},
           {.mime_type = "video/rtx",
            .payload_type = 97,
            .clock_rate = 90'000,
            .parameters = {{"apt", "96"}}}},
      .header_extensions = {{std::string(UriOf(rtc::RtpExtension::kMid)), 4},
                            {std::string(UriOf(rtc::RtpExtension::kAbsSendTime)), 2},
                            {std::string(UriOf(rtc::RtpExtension::kTransportSequenceNumber)), 3},
                            {std::string(UriOf(rtc::RtpExtension::kVideoOrientation)), 13}},
      .encodings = {{.ssrc = rtc::Ssrc(0xcafe0001),
                     .rtx_ssrc = rtc::Ssrc(0xcafe0002),
                     .max_bitrate_bps = 1'500'000}},
      .cname = "9QTkd2vYXqWc8pLm"};
}

// Three layers by rid, as Chromium announces simulcast: ssrcs are learnt from packets.
inline RtpParameters SimulcastProducer() {
  RtpParameters parameters = Vp8Producer();
  parameters.encodings = {{.rid = "r0", .scalability_mode = "L1T3", .max_bitrate_bps = 150'000},
                          {.rid = "r1", .scalability_mode = "L1T3", .max_bitrate_bps = 500'000},
                          {.rid = "r2", .scalability_mode = "L1T3", .max_bitrate_bps = 1'500'000}};
  return parameters;
}

inline RtpParameters OpusProducer() {
  return {.mid = "0",
          .codecs = {{.mime_type = "audio/opus",
                      .payload_type = 111,
                      .clock_rate = 48'000,
                      .channels = 2,
                      .parameters = {{"minptime", "10"}, {"useinbandfec", "1"}, {"usedtx", "1"}},
                      .rtcp_feedback = {{"transport-cc", ""}}}},
          .header_extensions = {{std::string(UriOf(rtc::RtpExtension::kMid)), 4},
                                {std::string(UriOf(rtc::RtpExtension::kAudioLevel)), 1}},
          .encodings = {{.ssrc = rtc::Ssrc(0xbeef0001), .dtx = true}},
          .cname = "9QTkd2vYXqWc8pLm"};
}

}  // namespace confab::sfu::testing
