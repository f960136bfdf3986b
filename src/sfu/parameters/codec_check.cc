#include "sfu/parameters/codec_check.h"

#include <algorithm>

#include "sfu/parameters/codec.h"

namespace confab::sfu {
namespace {

bool CheckSetting(FieldCheck& check, std::string_view field,
                  const std::pair<std::string, std::string>& setting) {
  return check.Text(field, setting.first, TextRule::kName, 1, kMaxSettingNameLength) &&
         check.Text(Dot(field, setting.first), setting.second, TextRule::kValue, 0,
                    kMaxSettingValueLength);
}

bool CheckSettingNamesAreUnique(FieldCheck& check, std::string_view field,
                                const CodecSettings& settings) {
  for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
    const auto same = [&](const auto& other) { return other.first == setting->first; };
    if (std::any_of(settings.begin(), setting, same)) {
      return check.Refuse(Dot(field, setting->first), "is there twice");
    }
  }
  return true;
}

}  // namespace

bool CheckMimeType(FieldCheck& check, std::string_view field, std::string_view mime_type) {
  const std::string name = Dot(field, "mimeType");
  if (mime_type.size() > kMaxMimeTypeLength) {
    return check.Text(name, mime_type, TextRule::kVisible, 1, kMaxMimeTypeLength);
  }
  if (!KindOfMimeType(mime_type)) return check.Refuse(name, "must begin with audio/ or video/");
  const std::string_view subtype = mime_type.substr(mime_type.find('/') + 1);
  return check.Text(name, subtype, TextRule::kToken, 1, kMaxMimeTypeLength);
}

bool CheckClockRate(FieldCheck& check, std::string_view field, uint32_t clock_rate) {
  return check.Range(Dot(field, "clockRate"), clock_rate, 1, kMaxClockRate);
}

bool CheckSettings(FieldCheck& check, std::string_view field, const CodecSettings& settings) {
  const std::string name = Dot(field, "parameters");
  if (!check.Count(name, settings.size(), 0, kMaxCodecSettings)) return false;
  return std::ranges::all_of(
             settings, [&](const auto& setting) { return CheckSetting(check, name, setting); }) &&
         CheckSettingNamesAreUnique(check, name, settings);
}

bool CheckFeedback(FieldCheck& check, std::string_view field,
                   const std::vector<RtcpFeedback>& feedback) {
  const std::string name = Dot(field, "rtcpFeedback");
  if (!check.Count(name, feedback.size(), 0, kMaxRtcpFeedback)) return false;
  for (size_t i = 0; i < feedback.size(); ++i) {
    const std::string entry = At(name, i);
    if (!check.Text(Dot(entry, "type"), feedback[i].type, TextRule::kToken, 1,
                    kMaxFeedbackLength) ||
        !check.Text(Dot(entry, "parameter"), feedback[i].parameter, TextRule::kToken, 0,
                    kMaxFeedbackLength)) {
      return false;
    }
  }
  return true;
}

bool CheckUri(FieldCheck& check, std::string_view field, std::string_view uri) {
  return check.Text(Dot(field, "uri"), uri, TextRule::kVisible, 1, kMaxUriLength);
}

bool CheckAndFillChannels(FieldCheck& check, std::string_view field, rtc::MediaKind kind,
                          std::optional<uint8_t>& channels) {
  if (kind == rtc::MediaKind::kVideo) {
    channels.reset();
    return true;
  }
  if (!channels) channels = 1;
  return check.Range(Dot(field, "channels"), *channels, 1, kMaxChannels);
}

}  // namespace confab::sfu
