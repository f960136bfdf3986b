#include "sfu/parameters/encoding_check.h"

#include <algorithm>

#include "sfu/parameters/codec.h"
#include "sfu/parameters/scalability_mode.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

using Encodings = std::vector<RtpEncodingParameters>;

bool CheckCodecPayloadType(FieldCheck& check, std::string_view field,
                           const RtpEncodingParameters& encoding,
                           const std::vector<RtpCodecParameters>& codecs) {
  if (!encoding.codec_payload_type) return true;
  const RtpCodecParameters* codec = FindCodec(codecs, *encoding.codec_payload_type);
  return (codec != nullptr && !IsRtx(codec->mime_type)) ||
         check.Refuse(Dot(field, "codecPayloadType"), "names no media codec of the list");
}

bool CheckScalabilityMode(FieldCheck& check, std::string_view field, const std::string& mode) {
  constexpr size_t kLongestEcho = 32;
  if (mode.empty() || ParseScalabilityMode(mode)) return true;
  const std::string name = Dot(field, "scalabilityMode");
  if (!check.Text(name, mode, TextRule::kToken, 1, kLongestEcho)) return false;
  return check.Refuse(name, "is not a mode such as L1T3");
}

bool CheckEncoding(FieldCheck& check, std::string_view field, const RtpEncodingParameters& encoding,
                   const std::vector<RtpCodecParameters>& codecs) {
  return check.Text(Dot(field, "rid"), encoding.rid, TextRule::kRid, 0, kMaxRidLength) &&
         CheckCodecPayloadType(check, field, encoding, codecs) &&
         CheckScalabilityMode(check, field, encoding.scalability_mode);
}

bool CheckSsrc(FieldCheck& check, std::string_view field, std::optional<rtc::Ssrc> ssrc,
               std::vector<rtc::Ssrc>& seen) {
  if (!ssrc) return true;
  if (*ssrc == rtc::Ssrc(0)) return check.Refuse(field, "is 0");
  if (std::ranges::find(seen, *ssrc) != seen.end()) {
    return check.Refuse(field, "is there twice");
  }
  seen.push_back(*ssrc);
  return true;
}

bool CheckSsrcs(FieldCheck& check, std::string_view field, const Encodings& encodings) {
  std::vector<rtc::Ssrc> seen;
  for (size_t i = 0; i < encodings.size(); ++i) {
    const std::string entry = At(field, i);
    if (encodings[i].rtx_ssrc && !encodings[i].ssrc) {
      return check.Refuse(Dot(entry, "rtx.ssrc"), "is there without an ssrc that it repairs");
    }
    if (!CheckSsrc(check, Dot(entry, "ssrc"), encodings[i].ssrc, seen) ||
        !CheckSsrc(check, Dot(entry, "rtx.ssrc"), encodings[i].rtx_ssrc, seen)) {
      return false;
    }
  }
  return true;
}

bool CheckRidsAreUnique(FieldCheck& check, std::string_view field, const Encodings& encodings) {
  for (size_t i = 1; i < encodings.size(); ++i) {
    const auto same = [&](const auto& other) { return other.rid == encodings[i].rid; };
    if (!encodings[i].rid.empty() &&
        std::any_of(encodings.begin(), encodings.begin() + static_cast<ptrdiff_t>(i), same)) {
      return check.Refuse(Dot(At(field, i), "rid"), "is there twice");
    }
  }
  return true;
}

// Packets must find their encoding.
bool CheckIdentification(FieldCheck& check, std::string_view field,
                         const RtpParameters& parameters) {
  const auto has_ssrc = [](const auto& encoding) { return encoding.ssrc.has_value(); };
  const auto has_rid = [](const auto& encoding) { return !encoding.rid.empty(); };
  const Encodings& encodings = parameters.encodings;
  if (std::ranges::all_of(encodings, has_ssrc) || std::ranges::all_of(encodings, has_rid)) {
    return true;
  }
  if (encodings.size() == 1) {
    return !parameters.mid.empty() || check.Refuse(At(field, 0), "has no ssrc, no rid and no mid");
  }
  return check.Refuse(field, "must all have an ssrc, or all a rid");
}

}  // namespace

bool CheckEncodings(FieldCheck& check, std::string_view field, const RtpParameters& parameters) {
  const Encodings& encodings = parameters.encodings;
  if (!check.Count(field, encodings.size(), 1, kMaxEncodings)) return false;
  for (size_t i = 0; i < encodings.size(); ++i) {
    if (!CheckEncoding(check, At(field, i), encodings[i], parameters.codecs)) return false;
  }
  return CheckSsrcs(check, field, encodings) && CheckRidsAreUnique(check, field, encodings) &&
         CheckIdentification(check, field, parameters);
}

}  // namespace confab::sfu
