#include "services/signaling/protocol/rtp_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace confab::signaling {
namespace {

namespace pb = media::v1;
using net::CountLimits, net::FieldReader, net::IntegerLimits, net::TextLimits;

constexpr CountLimits kCodecs{0, 64};
constexpr CountLimits kExtensions{0, 64};
constexpr CountLimits kFeedback{0, 16};
constexpr CountLimits kEncodings{1, 8};
constexpr CountLimits kFingerprints{1, 8};
constexpr size_t kMaxCodecParameters = 32;
constexpr TextLimits kShortText{1, 64};
constexpr TextLimits kUri{1, 256};
constexpr IntegerLimits kPayloadType{0, 127};
constexpr IntegerLimits kClockRate{1, 1'000'000};
constexpr IntegerLimits kChannels{1, 8};
// One byte carries 1 to 14, two bytes 1 to 255 (RFC 8285 §4.2, §4.3).
constexpr IntegerLimits kExtensionId{1, 255};
constexpr IntegerLimits kSsrc{0, 0xffff'ffff};
constexpr IntegerLimits kBitrate{0, 0xffff'ffff};

constexpr std::array<std::string_view, 2> kKinds{"audio", "video"};
constexpr std::array<std::string_view, 4> kExtensionDirections{"sendrecv", "sendonly", "recvonly",
                                                               "inactive"};
constexpr std::array<std::string_view, 3> kRoles{"auto", "client", "server"};

struct HashAlgorithm {
  std::string_view name;
  size_t bytes;
};
constexpr std::array<HashAlgorithm, 5> kHashAlgorithms{
    {{"sha-1", 20}, {"sha-224", 28}, {"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}}};
constexpr std::array<std::string_view, 5> kHashNames{"sha-1", "sha-224", "sha-256", "sha-384",
                                                     "sha-512"};

uint32_t ToU32(int64_t value) {
  return static_cast<uint32_t>(value);
}

void ReadFeedback(FieldReader& reader, google::protobuf::RepeatedPtrField<pb::RtcpFeedback>& out) {
  for (FieldReader& entry : reader.Objects("rtcpFeedback", kFeedback)) {
    pb::RtcpFeedback& feedback = *out.Add();
    feedback.set_type(entry.Text("type", kShortText));
    feedback.set_parameter(entry.OptionalText("parameter", {0, 64}).value_or(""));
  }
}

void ReadCodecParameters(FieldReader& codec, google::protobuf::Map<std::string, std::string>& out) {
  std::optional<FieldReader> reader = codec.OptionalObject("parameters");
  if (!reader) return;
  if (reader->object().size() > kMaxCodecParameters) {
    codec.Refuse("parameters", fmt::format("must have at most {} fields", kMaxCodecParameters));
    return;
  }
  for (const auto& [key, value] : reader->object()) {
    const std::string_view name = key;
    if (name.empty() || name.size() > kShortText.max) {
      codec.Refuse("parameters", "must have names of 1 to 64 bytes");
    } else if (value.is_null()) {
      out[std::string(name)] = "";
    } else if (value.is_string()) {
      out[std::string(name)] = reader->Text(name, {0, 256});
    } else {
      constexpr int64_t kMaxSafeInteger = 9007199254740991;
      out[std::string(name)] =
          std::to_string(reader->Integer(name, {-kMaxSafeInteger, kMaxSafeInteger}));
    }
  }
}

template <typename Codec>
void ReadCodecBasics(FieldReader& reader, Codec& codec) {
  codec.set_mime_type(reader.Text("mimeType", {3, 64}));
  codec.set_clock_rate(ToU32(reader.Integer("clockRate", kClockRate)));
  if (const auto channels = reader.OptionalInteger("channels", kChannels)) {
    codec.set_channels(ToU32(*channels));
  }
  ReadCodecParameters(reader, *codec.mutable_parameters());
  ReadFeedback(reader, *codec.mutable_rtcp_feedback());
}

void ReadEncoding(FieldReader& reader, pb::RtpEncodingParameters& encoding) {
  if (const auto ssrc = reader.OptionalInteger("ssrc", kSsrc)) encoding.set_ssrc(ToU32(*ssrc));
  if (const auto rid = reader.OptionalText("rid", {1, 16})) encoding.set_rid(*rid);
  if (const auto type = reader.OptionalInteger("codecPayloadType", kPayloadType)) {
    encoding.set_codec_payload_type(ToU32(*type));
  }
  if (std::optional<FieldReader> rtx = reader.OptionalObject("rtx")) {
    encoding.set_rtx_ssrc(ToU32(rtx->Integer("ssrc", kSsrc)));
  }
  if (const auto dtx = reader.OptionalFlag("dtx")) encoding.set_dtx(*dtx);
  if (const auto mode = reader.OptionalText("scalabilityMode", {0, 32}); mode && !mode->empty()) {
    encoding.set_scalability_mode(*mode);
  }
  if (const auto rate = reader.OptionalInteger("maxBitrate", kBitrate)) {
    encoding.set_max_bitrate(ToU32(*rate));
  }
}

bool IsFingerprint(std::string_view value, size_t bytes) {
  if (value.size() != bytes * 3 - 1) return false;
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (i % 3 == 2 ? c != ':' : !hex) return false;
  }
  return true;
}

}  // namespace

pb::RtpCapabilities ReadRtpCapabilities(FieldReader reader) {
  pb::RtpCapabilities capabilities;
  for (FieldReader& entry : reader.Objects("codecs", kCodecs)) {
    pb::RtpCodecCapability& codec = *capabilities.add_codecs();
    codec.set_kind(std::string(kKinds[entry.Choice("kind", kKinds)]));
    if (const auto type = entry.OptionalInteger("preferredPayloadType", kPayloadType)) {
      codec.set_preferred_payload_type(ToU32(*type));
    }
    ReadCodecBasics(entry, codec);
  }
  for (FieldReader& entry : reader.Objects("headerExtensions", kExtensions)) {
    pb::RtpHeaderExtension& extension = *capabilities.add_header_extensions();
    extension.set_kind(std::string(kKinds[entry.Choice("kind", kKinds)]));
    extension.set_uri(entry.Text("uri", kUri));
    extension.set_preferred_id(ToU32(entry.Integer("preferredId", kExtensionId)));
    extension.set_preferred_encrypt(entry.OptionalFlag("preferredEncrypt").value_or(false));
    const size_t direction = entry.OptionalChoice("direction", kExtensionDirections).value_or(0);
    extension.set_direction(std::string(kExtensionDirections[direction]));
  }
  return capabilities;
}

pb::RtpParameters ReadRtpParameters(FieldReader reader) {
  pb::RtpParameters parameters;
  parameters.set_mid(reader.OptionalText("mid", {0, 32}).value_or(""));
  for (FieldReader& entry : reader.Objects("codecs", {1, kCodecs.max})) {
    pb::RtpCodecParameters& codec = *parameters.add_codecs();
    codec.set_payload_type(ToU32(entry.Integer("payloadType", kPayloadType)));
    ReadCodecBasics(entry, codec);
  }
  for (FieldReader& entry : reader.Objects("headerExtensions", kExtensions)) {
    pb::RtpHeaderExtensionParameters& extension = *parameters.add_header_extensions();
    extension.set_uri(entry.Text("uri", kUri));
    extension.set_id(ToU32(entry.Integer("id", kExtensionId)));
    extension.set_encrypt(entry.OptionalFlag("encrypt").value_or(false));
  }
  for (FieldReader& entry : reader.Objects("encodings", kEncodings)) {
    ReadEncoding(entry, *parameters.add_encodings());
  }
  if (std::optional<FieldReader> rtcp = reader.OptionalObject("rtcp")) {
    parameters.mutable_rtcp()->set_cname(rtcp->OptionalText("cname", {0, 256}).value_or(""));
    parameters.mutable_rtcp()->set_reduced_size(rtcp->OptionalFlag("reducedSize").value_or(true));
  }
  return parameters;
}

pb::DtlsParameters ReadDtlsParameters(FieldReader reader) {
  pb::DtlsParameters parameters;
  parameters.set_role(std::string(kRoles[reader.OptionalChoice("role", kRoles).value_or(0)]));
  for (FieldReader& entry : reader.Objects("fingerprints", kFingerprints)) {
    const HashAlgorithm& algorithm = kHashAlgorithms[entry.Choice("algorithm", kHashNames)];
    pb::DtlsFingerprint& fingerprint = *parameters.add_fingerprints();
    fingerprint.set_algorithm(std::string(algorithm.name));
    fingerprint.set_value(entry.Text("value", {1, 256}));
    if (!IsFingerprint(fingerprint.value(), algorithm.bytes)) {
      entry.Refuse("value", fmt::format("must be {} bytes as hexadecimal pairs with colons",
                                        algorithm.bytes));
    }
  }
  return parameters;
}

}  // namespace confab::signaling
