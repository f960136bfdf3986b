#include "services/signaling/testing/fake_rtp.h"

#include <fmt/format.h>

namespace confab::signaling {
namespace {

namespace pb = media::v1;

constexpr uint32_t kOpus = 100;
constexpr uint32_t kVp8 = 101;
constexpr uint32_t kRtx = 102;
constexpr uint32_t kMidExtension = 1;

template <typename Codec>
void AddFeedback(Codec& codec, const char* type, const char* parameter) {
  pb::RtcpFeedback& feedback = *codec.add_rtcp_feedback();
  feedback.set_type(type);
  feedback.set_parameter(parameter);
}

template <typename Codec>
void FillOpus(Codec& codec) {
  codec.set_mime_type("audio/opus");
  codec.set_clock_rate(48000);
  codec.set_channels(2);
  AddFeedback(codec, "transport-cc", "");
}

template <typename Codec>
void FillVp8(Codec& codec) {
  codec.set_mime_type("video/VP8");
  codec.set_clock_rate(90000);
  AddFeedback(codec, "nack", "");
  AddFeedback(codec, "nack", "pli");
  AddFeedback(codec, "transport-cc", "");
}

template <typename Codec>
void FillRtx(Codec& codec) {
  codec.set_mime_type("video/rtx");
  codec.set_clock_rate(90000);
  (*codec.mutable_parameters())["apt"] = std::to_string(kVp8);
}

}  // namespace

pb::RtpCapabilities FakeRouterCapabilities() {
  pb::RtpCapabilities capabilities;
  pb::RtpCodecCapability& opus = *capabilities.add_codecs();
  opus.set_kind("audio");
  opus.set_preferred_payload_type(kOpus);
  FillOpus(opus);
  pb::RtpCodecCapability& vp8 = *capabilities.add_codecs();
  vp8.set_kind("video");
  vp8.set_preferred_payload_type(kVp8);
  FillVp8(vp8);
  pb::RtpCodecCapability& rtx = *capabilities.add_codecs();
  rtx.set_kind("video");
  rtx.set_preferred_payload_type(kRtx);
  FillRtx(rtx);
  for (const char* kind : {"audio", "video"}) {
    pb::RtpHeaderExtension& extension = *capabilities.add_header_extensions();
    extension.set_kind(kind);
    extension.set_uri("urn:ietf:params:rtp-hdrext:sdes:mid");
    extension.set_preferred_id(kMidExtension);
    extension.set_direction("sendrecv");
  }
  return capabilities;
}

pb::RtpParameters FakeConsumerParameters(const std::string& kind, const std::string& cname,
                                         uint32_t mid, uint32_t number) {
  pb::RtpParameters parameters;
  parameters.set_mid(std::to_string(mid));
  pb::RtpEncodingParameters& encoding = *parameters.add_encodings();
  encoding.set_ssrc(1'000'000 + 2 * number);
  pb::RtpCodecParameters& codec = *parameters.add_codecs();
  if (kind == "audio") {
    codec.set_payload_type(kOpus);
    FillOpus(codec);
  } else {
    codec.set_payload_type(kVp8);
    FillVp8(codec);
    pb::RtpCodecParameters& rtx = *parameters.add_codecs();
    rtx.set_payload_type(kRtx);
    FillRtx(rtx);
    encoding.set_rtx_ssrc(1'000'001 + 2 * number);
  }
  pb::RtpHeaderExtensionParameters& extension = *parameters.add_header_extensions();
  extension.set_uri("urn:ietf:params:rtp-hdrext:sdes:mid");
  extension.set_id(kMidExtension);
  parameters.mutable_rtcp()->set_cname(cname);
  parameters.mutable_rtcp()->set_reduced_size(true);
  return parameters;
}

pb::IceParameters FakeIceParameters(uint32_t number) {
  pb::IceParameters parameters;
  parameters.set_username_fragment(fmt::format("ufrag{}", number));
  parameters.set_password(fmt::format("a-password-of-enough-characters-{}", number));
  parameters.set_ice_lite(true);
  return parameters;
}

pb::IceCandidate FakeIceCandidate() {
  pb::IceCandidate candidate;
  candidate.set_foundation("udpcandidate");
  candidate.set_priority(1'076'302'079);
  candidate.set_ip("127.0.0.1");
  candidate.set_protocol("udp");
  candidate.set_port(40000);
  candidate.set_type("host");
  return candidate;
}

pb::DtlsParameters FakeDtlsParameters() {
  pb::DtlsParameters parameters;
  parameters.set_role("auto");
  pb::DtlsFingerprint& fingerprint = *parameters.add_fingerprints();
  fingerprint.set_algorithm("sha-256");
  std::string value = "00";
  for (int i = 1; i < 32; ++i) value += fmt::format(":{:02X}", i);
  fingerprint.set_value(value);
  return parameters;
}

}  // namespace confab::signaling
