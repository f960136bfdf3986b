#include "sfu/parameters/h264_profile.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sfu/parameters/codec.h"

namespace confab::sfu {
namespace {

constexpr size_t kTextLength = 6;  // three bytes: profile_idc, profile-iop, level_idc
constexpr uint8_t kConstraintSet3 = 0x10;

// RFC 6184 §8.1, table 5: a profile is a profile_idc and some fixed bits of profile-iop.
struct ProfilePattern {
  uint8_t profile_idc;
  uint8_t iop_mask;
  uint8_t iop_value;
  H264Profile profile;
};
constexpr std::array kProfilePatterns{
    ProfilePattern{0x42, 0x4f, 0x40, H264Profile::kConstrainedBaseline},  // x1xx0000
    ProfilePattern{0x4d, 0x8f, 0x80, H264Profile::kConstrainedBaseline},  // 1xxx0000
    ProfilePattern{0x58, 0xcf, 0xc0, H264Profile::kConstrainedBaseline},  // 11xx0000
    ProfilePattern{0x42, 0x4f, 0x00, H264Profile::kBaseline},             // x0xx0000
    ProfilePattern{0x58, 0xcf, 0x80, H264Profile::kBaseline},             // 10xx0000
    ProfilePattern{0x4d, 0xaf, 0x00, H264Profile::kMain},                 // 0x0x0000
    ProfilePattern{0x64, 0xff, 0x00, H264Profile::kHigh},                 // 00000000
    ProfilePattern{0x64, 0xff, 0x0c, H264Profile::kConstrainedHigh},      // 00001100
    ProfilePattern{0xf4, 0xff, 0x00, H264Profile::kPredictiveHigh444},    // 00000000
};

// level_idc of each H264Level; that of 1b is 1.1's, with constraint_set3_flag set.
constexpr std::array<uint8_t, 17> kLevelIdc{10, 11, 11, 12, 13, 20, 21, 22, 30,
                                            31, 32, 40, 41, 42, 50, 51, 52};

std::optional<H264Profile> ProfileOf(uint8_t idc, uint8_t iop) {
  const auto found = std::ranges::find_if(kProfilePatterns, [&](const ProfilePattern& pattern) {
    return pattern.profile_idc == idc && (iop & pattern.iop_mask) == pattern.iop_value;
  });
  return found == kProfilePatterns.end() ? std::nullopt : std::optional(found->profile);
}

std::optional<H264Level> LevelOf(uint8_t idc, uint8_t iop) {
  if (idc == 11) return iop & kConstraintSet3 ? H264Level::k1b : H264Level::k1_1;
  const auto found = std::ranges::find(kLevelIdc, idc);
  if (found == kLevelIdc.end()) return std::nullopt;
  return static_cast<H264Level>(found - kLevelIdc.begin());
}

// profile_idc and profile-iop in their canonical form.
uint16_t CanonicalProfile(H264Profile profile) {
  switch (profile) {
    case H264Profile::kConstrainedBaseline: return 0x42e0;
    case H264Profile::kBaseline: return 0x4200;
    case H264Profile::kMain: return 0x4d00;
    case H264Profile::kConstrainedHigh: return 0x640c;
    case H264Profile::kHigh: return 0x6400;
    case H264Profile::kPredictiveHigh444: return 0xf400;
  }
  return 0;
}

bool HasLevel1b(H264Profile profile) {
  return profile == H264Profile::kConstrainedBaseline || profile == H264Profile::kBaseline ||
         profile == H264Profile::kMain;
}

bool AllowsLevelAsymmetry(const CodecSettings& settings) {
  return NumberSetting(settings, "level-asymmetry-allowed", 0) == 1U;
}

}  // namespace

std::optional<H264ProfileLevel> ParseH264ProfileLevel(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;

  const auto profile_idc = static_cast<uint8_t>(number >> 16);
  const auto profile_iop = static_cast<uint8_t>(number >> 8);
  const auto profile = ProfileOf(profile_idc, profile_iop);
  const auto level = LevelOf(static_cast<uint8_t>(number), profile_iop);
  if (!profile || !level) return std::nullopt;
  if (*level == H264Level::k1b && !HasLevel1b(*profile)) return std::nullopt;
  return H264ProfileLevel{*profile, *level};
}

std::optional<std::string> ToString(H264ProfileLevel value) {
  uint16_t profile = CanonicalProfile(value.profile);
  if (value.level == H264Level::k1b) {
    if (!HasLevel1b(value.profile)) return std::nullopt;
    profile |= kConstraintSet3;
  }
  return fmt::format("{:04x}{:02x}", profile, kLevelIdc[static_cast<size_t>(value.level)]);
}

std::optional<H264ProfileLevel> H264ProfileLevelOf(const CodecSettings& settings) {
  const auto text = FindSetting(settings, "profile-level-id");
  return text ? ParseH264ProfileLevel(*text) : H264ProfileLevel{};
}

std::optional<H264ProfileLevel> AnswerH264ProfileLevel(const CodecSettings& local,
                                                       const CodecSettings& remote) {
  const auto ours = H264ProfileLevelOf(local);
  const auto theirs = H264ProfileLevelOf(remote);
  if (!ours || !theirs || ours->profile != theirs->profile) return std::nullopt;
  if (AllowsLevelAsymmetry(local) && AllowsLevelAsymmetry(remote)) return ours;
  return H264ProfileLevel{ours->profile, std::min(ours->level, theirs->level)};
}

}  // namespace confab::sfu
