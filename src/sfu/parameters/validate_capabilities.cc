#include "sfu/parameters/codec.h"
#include "sfu/parameters/codec_check.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

constexpr std::string_view kCapabilitiesField = "rtpCapabilities";

bool CheckPreferredPayloadType(FieldCheck& check, std::string_view field,
                               std::optional<uint8_t> payload_type, PayloadTypeSet& seen) {
  if (!payload_type) return true;
  const std::string name = Dot(field, "preferredPayloadType");
  if (!check.Range(name, *payload_type, 0, kMaxPayloadType)) return false;
  if (seen.test(*payload_type)) return check.Refuse(name, "is another codec's, too");
  seen.set(*payload_type);
  return true;
}

bool CheckKind(FieldCheck& check, std::string_view field, const RtpCodecCapability& codec) {
  return KindOfMimeType(codec.mime_type) == codec.kind ||
         check.Refuse(Dot(field, "kind"), "does not agree with mimeType");
}

bool CheckCodec(FieldCheck& check, std::string_view field, RtpCodecCapability& codec,
                PayloadTypeSet& seen) {
  return CheckMimeType(check, field, codec.mime_type) && CheckKind(check, field, codec) &&
         CheckPreferredPayloadType(check, field, codec.preferred_payload_type, seen) &&
         CheckClockRate(check, field, codec.clock_rate) &&
         CheckAndFillChannels(check, field, codec.kind, codec.channels) &&
         CheckSettings(check, field, codec.parameters) &&
         CheckFeedback(check, field, codec.rtcp_feedback);
}

bool CheckCodecs(FieldCheck& check, std::vector<RtpCodecCapability>& codecs) {
  const std::string list = Dot(kCapabilitiesField, "codecs");
  if (!check.Count(list, codecs.size(), 0, kMaxCodecs)) return false;
  PayloadTypeSet seen;
  for (size_t i = 0; i < codecs.size(); ++i) {
    if (!CheckCodec(check, At(list, i), codecs[i], seen)) return false;
  }
  return true;
}

bool CheckExtensions(FieldCheck& check, const std::vector<RtpHeaderExtension>& extensions) {
  constexpr uint32_t kMaxId = 255;  // RFC 8285 §4.3
  const std::string list = Dot(kCapabilitiesField, "headerExtensions");
  if (!check.Count(list, extensions.size(), 0, kMaxHeaderExtensions)) return false;
  for (size_t i = 0; i < extensions.size(); ++i) {
    const std::string field = At(list, i);
    if (!CheckUri(check, field, extensions[i].uri) ||
        !check.Range(Dot(field, "preferredId"), extensions[i].preferred_id, 1, kMaxId)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<RtpCapabilities> ValidateRtpCapabilities(RtpCapabilities capabilities) {
  FieldCheck check;
  if (CheckCodecs(check, capabilities.codecs) &&
      CheckExtensions(check, capabilities.header_extensions)) {
    return capabilities;
  }
  return std::unexpected(check.TakeError());
}

}  // namespace confab::sfu
