#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

enum class H264Profile : uint8_t {
  kConstrainedBaseline,
  kBaseline,
  kMain,
  kConstrainedHigh,
  kHigh,
  kPredictiveHigh444,
};

// In rising order of what a decoder must manage; 1b lies between 1 and 1.1
// (ITU-T H.264 table A-1).
enum class H264Level : uint8_t {
  k1,
  k1b,
  k1_1,
  k1_2,
  k1_3,
  k2,
  k2_1,
  k2_2,
  k3,
  k3_1,
  k3_2,
  k4,
  k4_1,
  k4_2,
  k5,
  k5_1,
  k5_2,
};

// The meaning of "profile-level-id" (RFC 6184 §8.1).
struct H264ProfileLevel {
  H264Profile profile = H264Profile::kConstrainedBaseline;
  H264Level level = H264Level::k3_1;
  bool operator==(const H264ProfileLevel&) const = default;
};

// Six hexadecimal digits; nothing for other text, unknown profiles and unknown levels.
std::optional<H264ProfileLevel> ParseH264ProfileLevel(std::string_view text);
// The canonical six digits; nothing for level 1b in a profile that has none.
std::optional<std::string> ToString(H264ProfileLevel value);

// What the settings of an H264 codec say.
// DEVIATION: without "profile-level-id" RFC 6184 §8.1 means Baseline at level 1; browsers mean
// Constrained Baseline at level 3.1, and so do we.
std::optional<H264ProfileLevel> H264ProfileLevelOf(const CodecSettings& settings);

// The "profile-level-id" that `local` answers `remote` with (RFC 6184 §8.2.2): the common profile,
// at the local level where both allow asymmetry, else at the lower of the two. Nothing where the
// profiles differ or one of them cannot be read.
std::optional<H264ProfileLevel> AnswerH264ProfileLevel(const CodecSettings& local,
                                                       const CodecSettings& remote);

}  // namespace confab::sfu
