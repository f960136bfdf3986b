#include "sfu/parameters/matching.h"

#include <algorithm>

#include "sfu/parameters/h264_profile.h"

namespace confab::sfu {
namespace {

// Both sides have the setting as a number, or leave it out for `otherwise`, and agree.
bool SameNumber(const CodecView& a, const CodecView& b, std::string_view name, uint32_t otherwise) {
  const auto ours = NumberSetting(a.settings, name, otherwise);
  return ours && ours == NumberSetting(b.settings, name, otherwise);
}

bool MatchH264(const CodecView& a, const CodecView& b) {
  // RFC 6184 §8.1: packetization-mode 0 (single NAL unit) when absent.
  return SameNumber(a, b, "packetization-mode", 0) &&
         AnswerH264ProfileLevel(a.settings, b.settings).has_value();
}

bool MatchVp9(const CodecView& a, const CodecView& b) {
  return SameNumber(a, b, "profile-id", 0);
}

bool Av1LevelIsReadable(const CodecView& codec) {
  constexpr uint32_t kDefaultLevel = 5;  // AV1 RTP §7.2.1: level 3.1
  constexpr uint32_t kMaxLevel = 31;
  constexpr uint32_t kMaxTier = 1;
  return NumberSetting(codec.settings, "level-idx", kDefaultLevel).value_or(UINT32_MAX) <=
             kMaxLevel &&
         NumberSetting(codec.settings, "tier", 0).value_or(UINT32_MAX) <= kMaxTier;
}

bool MatchAv1(const CodecView& a, const CodecView& b) {
  return SameNumber(a, b, "profile", 0) && Av1LevelIsReadable(a) && Av1LevelIsReadable(b);
}

bool MatchMultiOpus(const CodecView& a, const CodecView& b) {
  return SameNumber(a, b, "num_streams", 0) && SameNumber(a, b, "coupled_streams", 0);
}

bool MatchFormat(const CodecView& a, const CodecView& b) {
  struct Rule {
    std::string_view mime_type;
    bool (*match)(const CodecView&, const CodecView&);
  };
  static constexpr std::array kRules{Rule{"video/H264", MatchH264}, Rule{"video/VP9", MatchVp9},
                                     Rule{"video/AV1", MatchAv1},
                                     Rule{"audio/multiopus", MatchMultiOpus}};
  const auto rule = std::ranges::find_if(
      kRules, [&](const Rule& each) { return EqualIgnoringCase(each.mime_type, a.mime_type); });
  return rule == kRules.end() || rule->match(a, b);
}

}  // namespace

bool MatchCodecs(const CodecView& a, const CodecView& b) {
  return EqualIgnoringCase(a.mime_type, b.mime_type) && a.clock_rate == b.clock_rate &&
         a.channels == b.channels && MatchFormat(a, b);
}

std::vector<RtcpFeedback> CommonFeedback(const std::vector<RtcpFeedback>& a,
                                         const std::vector<RtcpFeedback>& b) {
  std::vector<RtcpFeedback> common;
  std::ranges::copy_if(a, std::back_inserter(common), [&](const RtcpFeedback& feedback) {
    return std::ranges::find(b, feedback) != b.end();
  });
  return common;
}

}  // namespace confab::sfu
