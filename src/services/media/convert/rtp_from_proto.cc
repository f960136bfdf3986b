#include "services/media/convert/rtp_from_proto.h"

#include <algorithm>
#include <limits>

#include "sfu/parameters/field_check.h"
#include "sfu/parameters/validate.h"

namespace confab::media {
namespace {

using sfu::At;
using sfu::Dot;
using sfu::FieldCheck;

// The contract's numbers are 32 bits wide. What does not fit is reported here, because it could
// look right once narrowed; what fits is for the validation to judge.
uint8_t Narrow(FieldCheck& check, std::string_view field, uint32_t value) {
  constexpr uint32_t kHighest = std::numeric_limits<uint8_t>::max();
  return check.Range(field, value, 0, kHighest) ? static_cast<uint8_t>(value) : uint8_t{0};
}

rtc::MediaKind Kind(FieldCheck& check, std::string_view field, std::string_view text) {
  const auto kind = ParseMediaKind(text);
  if (!kind) check.Refuse(field, "must be audio or video");
  return kind.value_or(rtc::MediaKind::kAudio);
}

sfu::ExtensionDirection Direction(FieldCheck& check, std::string_view field,
                                  std::string_view text) {
  using enum sfu::ExtensionDirection;
  if (text.empty() || text == "sendrecv") return kSendRecv;
  if (text == "sendonly") return kSendOnly;
  if (text == "recvonly") return kRecvOnly;
  if (text != "inactive") {
    check.Refuse(field, "must be sendrecv, sendonly, recvonly or inactive");
  }
  return kInactive;
}

sfu::CodecSettings Settings(const google::protobuf::Map<std::string, std::string>& map) {
  sfu::CodecSettings settings;
  settings.reserve(map.size());
  for (const auto& [name, value] : map) settings.emplace_back(name, value);
  std::ranges::sort(settings);
  return settings;
}

std::vector<sfu::RtcpFeedback> Feedback(
    const google::protobuf::RepeatedPtrField<v1::RtcpFeedback>& list) {
  std::vector<sfu::RtcpFeedback> feedback;
  feedback.reserve(static_cast<size_t>(list.size()));
  for (const v1::RtcpFeedback& entry : list) feedback.push_back({entry.type(), entry.parameter()});
  return feedback;
}

sfu::RtpCodecCapability CodecCapability(FieldCheck& check, const std::string& field,
                                        const v1::RtpCodecCapability& message) {
  sfu::RtpCodecCapability codec{.kind = Kind(check, Dot(field, "kind"), message.kind()),
                                .mime_type = message.mime_type(),
                                .clock_rate = message.clock_rate(),
                                .parameters = Settings(message.parameters()),
                                .rtcp_feedback = Feedback(message.rtcp_feedback())};
  if (message.has_preferred_payload_type()) {
    codec.preferred_payload_type =
        Narrow(check, Dot(field, "preferredPayloadType"), message.preferred_payload_type());
  }
  if (message.has_channels()) {
    codec.channels = Narrow(check, Dot(field, "channels"), message.channels());
  }
  return codec;
}

sfu::RtpHeaderExtension ExtensionCapability(FieldCheck& check, const std::string& field,
                                            const v1::RtpHeaderExtension& message) {
  return {.kind = Kind(check, Dot(field, "kind"), message.kind()),
          .uri = message.uri(),
          .preferred_id = Narrow(check, Dot(field, "preferredId"), message.preferred_id()),
          .direction = Direction(check, Dot(field, "direction"), message.direction())};
}

sfu::RtpCodecParameters CodecParameters(FieldCheck& check, const std::string& field,
                                        const v1::RtpCodecParameters& message) {
  sfu::RtpCodecParameters codec{
      .mime_type = message.mime_type(),
      .payload_type = Narrow(check, Dot(field, "payloadType"), message.payload_type()),
      .clock_rate = message.clock_rate(),
      .parameters = Settings(message.parameters()),
      .rtcp_feedback = Feedback(message.rtcp_feedback())};
  if (message.has_channels()) {
    codec.channels = Narrow(check, Dot(field, "channels"), message.channels());
  }
  return codec;
}

sfu::RtpEncodingParameters Encoding(FieldCheck& check, const std::string& field,
                                    const v1::RtpEncodingParameters& message) {
  sfu::RtpEncodingParameters encoding{.rid = message.rid(),
                                      .dtx = message.dtx(),
                                      .scalability_mode = message.scalability_mode(),
                                      .max_bitrate_bps = message.max_bitrate()};
  if (message.has_ssrc()) encoding.ssrc = rtc::Ssrc(message.ssrc());
  if (message.has_rtx_ssrc()) encoding.rtx_ssrc = rtc::Ssrc(message.rtx_ssrc());
  if (message.has_codec_payload_type()) {
    encoding.codec_payload_type =
        Narrow(check, Dot(field, "codecPayloadType"), message.codec_payload_type());
  }
  return encoding;
}

// Converts a list element by element, up to the first that cannot be converted.
template <typename Value, typename Message, typename Convert>
std::vector<Value> List(FieldCheck& check, std::string_view field,
                        const google::protobuf::RepeatedPtrField<Message>& messages,
                        Convert convert) {
  std::vector<Value> values;
  for (int i = 0; i < messages.size() && check.ok(); ++i) {
    values.push_back(convert(check, At(field, static_cast<size_t>(i)), messages[i]));
  }
  return values;
}

std::optional<Error> EncryptedExtension(const v1::RtpParameters& message) {
  for (const v1::RtpHeaderExtensionParameters& extension : message.header_extensions()) {
    if (!extension.encrypt()) continue;
    return Error{
        ErrorCode::kUnsupportedParameters,
        "rtpParameters.headerExtensions: the router takes no encrypted header extensions."};
  }
  return std::nullopt;
}

sfu::RtpHeaderExtensionParameters ExtensionParameters(
    FieldCheck& check, const std::string& field, const v1::RtpHeaderExtensionParameters& message) {
  return {.uri = message.uri(), .id = Narrow(check, Dot(field, "id"), message.id())};
}

}  // namespace

std::optional<rtc::MediaKind> ParseMediaKind(std::string_view text) {
  if (text == "audio") return rtc::MediaKind::kAudio;
  if (text == "video") return rtc::MediaKind::kVideo;
  return std::nullopt;
}

Result<sfu::RtpCapabilities> FromProto(const v1::RtpCapabilities& message) {
  FieldCheck check;
  google::protobuf::RepeatedPtrField<v1::RtpHeaderExtension> plain;
  for (const auto& extension : message.header_extensions()) {
    if (!extension.preferred_encrypt()) *plain.Add() = extension;
  }
  sfu::RtpCapabilities capabilities;
  capabilities.codecs = List<sfu::RtpCodecCapability>(check, "rtpCapabilities.codecs",
                                                      message.codecs(), CodecCapability);
  capabilities.header_extensions = List<sfu::RtpHeaderExtension>(
      check, "rtpCapabilities.headerExtensions", plain, ExtensionCapability);
  if (!check.ok()) return std::unexpected(check.TakeError());
  return sfu::ValidateRtpCapabilities(std::move(capabilities));
}

Result<sfu::RtpParameters> FromProto(const v1::RtpParameters& message) {
  if (auto error = EncryptedExtension(message)) return std::unexpected(std::move(*error));
  FieldCheck check;
  sfu::RtpParameters parameters{
      .mid = message.mid(), .cname = message.rtcp().cname(), .reduced_size = true};
  parameters.codecs = List<sfu::RtpCodecParameters>(check, "rtpParameters.codecs", message.codecs(),
                                                    CodecParameters);
  parameters.header_extensions = List<sfu::RtpHeaderExtensionParameters>(
      check, "rtpParameters.headerExtensions", message.header_extensions(), ExtensionParameters);
  parameters.encodings = List<sfu::RtpEncodingParameters>(check, "rtpParameters.encodings",
                                                          message.encodings(), Encoding);
  if (!check.ok()) return std::unexpected(check.TakeError());
  return sfu::ValidateRtpParameters(std::move(parameters));
}

}  // namespace confab::media
