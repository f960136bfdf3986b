#include "sfu/parameters/codec.h"

#include <algorithm>
#include <charconv>

namespace confab::sfu {
namespace {

constexpr uint8_t kHighestPayloadType = 127;

constexpr char LowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

uint8_t EffectiveChannels(std::string_view mime_type, std::optional<uint8_t> channels) {
  return KindOfMimeType(mime_type) == rtc::MediaKind::kAudio ? channels.value_or(1) : uint8_t{0};
}

template <typename Codec>
const Codec* FindRtxIn(const std::vector<Codec>& codecs, uint8_t payload_type) {
  const auto found = std::ranges::find_if(codecs, [&](const Codec& codec) {
    return IsRtx(codec.mime_type) && AssociatedPayloadType(codec.parameters) == payload_type;
  });
  return found == codecs.end() ? nullptr : &*found;
}

}  // namespace

CodecView ViewOf(const RtpCodecCapability& codec) {
  return {codec.mime_type, codec.clock_rate, EffectiveChannels(codec.mime_type, codec.channels),
          codec.parameters};
}

CodecView ViewOf(const RtpCodecParameters& codec) {
  return {codec.mime_type, codec.clock_rate, EffectiveChannels(codec.mime_type, codec.channels),
          codec.parameters};
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, LowerCase, LowerCase);
}

std::optional<rtc::MediaKind> KindOfMimeType(std::string_view mime_type) {
  const std::string_view type = mime_type.substr(0, mime_type.find('/'));
  if (type.size() == mime_type.size()) return std::nullopt;
  if (EqualIgnoringCase(type, "audio")) return rtc::MediaKind::kAudio;
  if (EqualIgnoringCase(type, "video")) return rtc::MediaKind::kVideo;
  return std::nullopt;
}

std::string_view ToString(rtc::MediaKind kind) {
  switch (kind) {
    case rtc::MediaKind::kAudio: return "audio";
    case rtc::MediaKind::kVideo: return "video";
  }
  return "";
}

bool IsRtx(std::string_view mime_type) {
  return EqualIgnoringCase(mime_type, "video/rtx") || EqualIgnoringCase(mime_type, "audio/rtx");
}

std::optional<std::string_view> FindSetting(const CodecSettings& settings, std::string_view name) {
  const auto found = std::ranges::find(
      settings, name, [](const auto& setting) { return std::string_view(setting.first); });
  return found == settings.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::optional<uint32_t> NumberSetting(const CodecSettings& settings, std::string_view name,
                                      uint32_t otherwise) {
  const auto text = FindSetting(settings, name);
  if (!text) return otherwise;
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<uint8_t> AssociatedPayloadType(const CodecSettings& settings) {
  const auto number = NumberSetting(settings, "apt", kHighestPayloadType + 1);
  if (!number || *number > kHighestPayloadType) return std::nullopt;
  return static_cast<uint8_t>(*number);
}

const RtpCodecParameters* FindCodec(const std::vector<RtpCodecParameters>& codecs,
                                    uint8_t payload_type) {
  const auto found = std::ranges::find(codecs, payload_type, &RtpCodecParameters::payload_type);
  return found == codecs.end() ? nullptr : &*found;
}

const RtpCodecParameters* FindRtx(const std::vector<RtpCodecParameters>& codecs,
                                  uint8_t payload_type) {
  return FindRtxIn(codecs, payload_type);
}

const RtpCodecCapability* FindRtx(const std::vector<RtpCodecCapability>& codecs,
                                  uint8_t payload_type) {
  return FindRtxIn(codecs, payload_type);
}

}  // namespace confab::sfu
