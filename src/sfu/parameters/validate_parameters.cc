#include <bitset>

#include "base/check.h"
#include "sfu/parameters/codec.h"
#include "sfu/parameters/codec_check.h"
#include "sfu/parameters/encoding_check.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

constexpr std::string_view kParametersField = "rtpParameters";

// RFC 5761 §4: with RTCP on the same port these look like RTCP packets.
constexpr uint8_t kFirstRtcpPayloadType = 64;
constexpr uint8_t kLastRtcpPayloadType = 95;

bool CheckPayloadType(FieldCheck& check, std::string_view field, uint8_t payload_type,
                      PayloadTypeSet& seen) {
  const std::string name = Dot(field, "payloadType");
  if (!check.Range(name, payload_type, 0, kMaxPayloadType)) return false;
  if (payload_type >= kFirstRtcpPayloadType && payload_type <= kLastRtcpPayloadType) {
    return check.Refuse(name, "is one of 64 to 95, which are RTCP's");
  }
  if (seen.test(payload_type)) return check.Refuse(name, "is another codec's, too");
  seen.set(payload_type);
  return true;
}

bool CheckCodec(FieldCheck& check, std::string_view field, RtpCodecParameters& codec,
                PayloadTypeSet& seen) {
  return CheckMimeType(check, field, codec.mime_type) &&
         CheckPayloadType(check, field, codec.payload_type, seen) &&
         CheckClockRate(check, field, codec.clock_rate) &&
         CheckAndFillChannels(check, field, *KindOfMimeType(codec.mime_type), codec.channels) &&
         CheckSettings(check, field, codec.parameters) &&
         CheckFeedback(check, field, codec.rtcp_feedback);
}

// Of codecs that are good one by one.
bool CheckKinds(FieldCheck& check, std::string_view list,
                const std::vector<RtpCodecParameters>& codecs) {
  const auto kind = KindOfMimeType(codecs.front().mime_type);
  for (size_t i = 1; i < codecs.size(); ++i) {
    if (KindOfMimeType(codecs[i].mime_type) != kind) {
      return check.Refuse(Dot(At(list, i), "mimeType"), "is of another kind than the first codec");
    }
  }
  return true;
}

bool CheckRtx(FieldCheck& check, std::string_view list,
              const std::vector<RtpCodecParameters>& codecs) {
  if (IsRtx(codecs.front().mime_type)) {
    return check.Refuse(Dot(At(list, 0), "mimeType"), "must be a media codec, not RTX");
  }
  for (size_t i = 1; i < codecs.size(); ++i) {
    if (!IsRtx(codecs[i].mime_type)) continue;
    const std::string name = Dot(At(list, i), "parameters.apt");
    const auto repaired = AssociatedPayloadType(codecs[i].parameters);
    if (!repaired) return check.Refuse(name, "must be a payload type");
    const RtpCodecParameters* media = FindCodec(codecs, *repaired);
    if (media == nullptr || IsRtx(media->mime_type)) {
      return check.Refuse(name, "names no media codec of the list");
    }
    if (FindRtx(codecs, *repaired) != &codecs[i]) {
      return check.Refuse(name, "names a codec that has RTX already");
    }
  }
  return true;
}

bool CheckCodecs(FieldCheck& check, std::vector<RtpCodecParameters>& codecs) {
  const std::string list = Dot(kParametersField, "codecs");
  if (!check.Count(list, codecs.size(), 1, kMaxCodecs)) return false;
  PayloadTypeSet seen;
  for (size_t i = 0; i < codecs.size(); ++i) {
    if (!CheckCodec(check, At(list, i), codecs[i], seen)) return false;
  }
  return CheckKinds(check, list, codecs) && CheckRtx(check, list, codecs);
}

bool CheckExtensions(FieldCheck& check,
                     const std::vector<RtpHeaderExtensionParameters>& extensions) {
  constexpr uint32_t kMaxId = 255;  // RFC 8285 §4.3
  const std::string list = Dot(kParametersField, "headerExtensions");
  if (!check.Count(list, extensions.size(), 0, kMaxHeaderExtensions)) return false;
  std::bitset<kMaxId + 1> seen;
  for (size_t i = 0; i < extensions.size(); ++i) {
    const std::string field = At(list, i);
    if (!CheckUri(check, field, extensions[i].uri) ||
        !check.Range(Dot(field, "id"), extensions[i].id, 1, kMaxId)) {
      return false;
    }
    if (seen.test(extensions[i].id)) return check.Refuse(Dot(field, "id"), "is there twice");
    seen.set(extensions[i].id);
    for (size_t earlier = 0; earlier < i; ++earlier) {
      if (extensions[earlier].uri == extensions[i].uri) {
        return check.Refuse(Dot(field, "uri"), "is there twice");
      }
    }
  }
  return true;
}

bool CheckTexts(FieldCheck& check, const RtpParameters& parameters) {
  return check.Text(Dot(kParametersField, "mid"), parameters.mid, TextRule::kToken, 0,
                    kMaxMidLength) &&
         check.Text(Dot(kParametersField, "rtcp.cname"), parameters.cname, TextRule::kVisible, 0,
                    kMaxCnameLength);
}

}  // namespace

Result<RtpParameters> ValidateRtpParameters(RtpParameters parameters) {
  FieldCheck check;
  if (CheckTexts(check, parameters) && CheckCodecs(check, parameters.codecs) &&
      CheckExtensions(check, parameters.header_extensions) &&
      CheckEncodings(check, Dot(kParametersField, "encodings"), parameters)) {
    return parameters;
  }
  return std::unexpected(check.TakeError());
}

rtc::MediaKind KindOf(const RtpParameters& parameters) {
  const auto kind = parameters.codecs.empty() ? std::nullopt
                                              : KindOfMimeType(parameters.codecs.front().mime_type);
  CHECK(kind.has_value());
  return *kind;
}

}  // namespace confab::sfu
