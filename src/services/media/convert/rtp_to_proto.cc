#include "services/media/convert/rtp_to_proto.h"

#include "sfu/parameters/codec.h"

namespace confab::media {
namespace {

std::string DirectionText(sfu::ExtensionDirection direction) {
  switch (direction) {
    case sfu::ExtensionDirection::kSendRecv: return "sendrecv";
    case sfu::ExtensionDirection::kSendOnly: return "sendonly";
    case sfu::ExtensionDirection::kRecvOnly: return "recvonly";
    case sfu::ExtensionDirection::kInactive: return "inactive";
  }
  return "";
}

// What both codec messages have in common.
template <typename Codec, typename Message>
void FillFormat(const Codec& codec, Message& message) {
  message.set_mime_type(codec.mime_type);
  message.set_clock_rate(codec.clock_rate);
  if (codec.channels) message.set_channels(*codec.channels);
  for (const auto& [name, value] : codec.parameters) (*message.mutable_parameters())[name] = value;
  for (const sfu::RtcpFeedback& feedback : codec.rtcp_feedback) {
    v1::RtcpFeedback& entry = *message.add_rtcp_feedback();
    entry.set_type(feedback.type);
    entry.set_parameter(feedback.parameter);
  }
}

void Fill(const sfu::RtpCodecCapability& codec, v1::RtpCodecCapability& message) {
  FillFormat(codec, message);
  message.set_kind(std::string(sfu::ToString(codec.kind)));
  if (codec.preferred_payload_type) {
    message.set_preferred_payload_type(*codec.preferred_payload_type);
  }
}

void Fill(const sfu::RtpHeaderExtension& extension, v1::RtpHeaderExtension& message) {
  message.set_kind(std::string(sfu::ToString(extension.kind)));
  message.set_uri(extension.uri);
  message.set_preferred_id(extension.preferred_id);
  message.set_direction(DirectionText(extension.direction));
}

void Fill(const sfu::RtpEncodingParameters& encoding, v1::RtpEncodingParameters& message) {
  if (encoding.ssrc) message.set_ssrc(encoding.ssrc->value());
  if (!encoding.rid.empty()) message.set_rid(encoding.rid);
  if (encoding.codec_payload_type) message.set_codec_payload_type(*encoding.codec_payload_type);
  if (encoding.rtx_ssrc) message.set_rtx_ssrc(encoding.rtx_ssrc->value());
  if (encoding.dtx) message.set_dtx(true);
  if (!encoding.scalability_mode.empty()) message.set_scalability_mode(encoding.scalability_mode);
  if (encoding.max_bitrate_bps != 0) message.set_max_bitrate(encoding.max_bitrate_bps);
}

}  // namespace

v1::RtpCapabilities ToProto(const sfu::RtpCapabilities& capabilities) {
  v1::RtpCapabilities message;
  for (const auto& codec : capabilities.codecs) Fill(codec, *message.add_codecs());
  for (const auto& extension : capabilities.header_extensions) {
    Fill(extension, *message.add_header_extensions());
  }
  return message;
}

v1::RtpParameters ToProto(const sfu::RtpParameters& parameters) {
  v1::RtpParameters message;
  message.set_mid(parameters.mid);
  for (const auto& codec : parameters.codecs) {
    v1::RtpCodecParameters& entry = *message.add_codecs();
    FillFormat(codec, entry);
    entry.set_payload_type(codec.payload_type);
  }
  for (const auto& extension : parameters.header_extensions) {
    v1::RtpHeaderExtensionParameters& entry = *message.add_header_extensions();
    entry.set_uri(extension.uri);
    entry.set_id(extension.id);
  }
  for (const auto& encoding : parameters.encodings) Fill(encoding, *message.add_encodings());
  message.mutable_rtcp()->set_cname(parameters.cname);
  message.mutable_rtcp()->set_reduced_size(parameters.reduced_size);
  return message;
}

}  // namespace confab::media
