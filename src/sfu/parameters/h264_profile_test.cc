#include "sfu/parameters/h264_profile.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

using enum H264Profile;

TEST(H264Profile, ReadsProfileAndLevel) {
  struct Case {
    const char* text;
    H264Profile profile;
    H264Level level;
  };
  const Case cases[] = {
      {"42e01f", kConstrainedBaseline, H264Level::k3_1},
      {"42E01F", kConstrainedBaseline, H264Level::k3_1},
      {"42c02a", kConstrainedBaseline, H264Level::k4_2},
      {"4de01f", kConstrainedBaseline, H264Level::k3_1},
      {"58f01f", kConstrainedBaseline, H264Level::k3_1},
      {"42001f", kBaseline, H264Level::k3_1},
      {"58a01f", kBaseline, H264Level::k3_1},
      {"4d0032", kMain, H264Level::k5},
      {"4d401f", kMain, H264Level::k3_1},
      {"640c34", kConstrainedHigh, H264Level::k5_2},
      {"640032", kHigh, H264Level::k5},
      {"f4001f", kPredictiveHigh444, H264Level::k3_1},
      {"42e00b", kConstrainedBaseline, H264Level::k1_1},
      {"42f00b", kConstrainedBaseline, H264Level::k1b},
      {"42100b", kBaseline, H264Level::k1b},
      {"4d100b", kMain, H264Level::k1b},
      {"42000a", kBaseline, H264Level::k1},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(ParseH264ProfileLevel(each.text), (H264ProfileLevel{each.profile, each.level}))
        << each.text;
  }
}

TEST(H264Profile, RefusesWhatIsNoProfileLevelId) {
  for (const char* text : {"", "42e01", "42e01f0", "42e01g", " 2e01f", "-2e01f", "0x42e0", "000000",
                           "42e000", "42e0ff", "42e11f", "64001g", "64010b", "6e001f", "64100b"}) {
    EXPECT_EQ(ParseH264ProfileLevel(text), std::nullopt) << text;
  }
}

TEST(H264Profile, WritesTheCanonicalForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"42e01f", "42e01f"}, {"4de01f", "42e01f"}, {"58f01f", "42e01f"}, {"42001f", "42001f"},
      {"4d401f", "4d001f"}, {"640c1f", "640c1f"}, {"42f00b", "42f00b"}, {"42100b", "42100b"},
      {"4d100b", "4d100b"}, {"f4000a", "f4000a"}};
  for (const auto& [from, to] : cases) {
    const auto parsed = ParseH264ProfileLevel(from);
    ASSERT_TRUE(parsed) << from;
    EXPECT_EQ(ToString(*parsed), to) << from;
  }
  EXPECT_EQ(ToString(H264ProfileLevel{kHigh, H264Level::k1b}), std::nullopt);
}

TEST(H264Profile, MeansWhatBrowsersMeanWhenItIsAbsent) {
  EXPECT_EQ(H264ProfileLevelOf({}), (H264ProfileLevel{kConstrainedBaseline, H264Level::k3_1}));
  EXPECT_EQ(H264ProfileLevelOf({{"profile-level-id", ""}}), std::nullopt);
}

TEST(H264Profile, AnswersWithTheLowerLevelUnlessBothAllowAsymmetry) {
  struct Case {
    const char* local;
    const char* local_asymmetry;
    const char* remote;
    const char* remote_asymmetry;
    const char* answer;
  };
  const Case cases[] = {
      {"42e01f", "0", "42e02a", "0", "42e01f"}, {"42e02a", "0", "42e01f", "0", "42e01f"},
      {"42e02a", "1", "42e01f", "1", "42e02a"}, {"42e02a", "1", "42e01f", "0", "42e01f"},
      {"42e02a", "0", "42e01f", "1", "42e01f"}, {"42e02a", "x", "42e01f", "1", "42e01f"},
      {"42f00b", "0", "42e00b", "0", "42f00b"}, {"42f00b", "0", "42e00a", "0", "42e00a"},
  };
  for (const Case& each : cases) {
    const auto answer = AnswerH264ProfileLevel(
        {{"profile-level-id", each.local}, {"level-asymmetry-allowed", each.local_asymmetry}},
        {{"profile-level-id", each.remote}, {"level-asymmetry-allowed", each.remote_asymmetry}});
    ASSERT_TRUE(answer) << each.local << each.remote;
    EXPECT_EQ(ToString(*answer), each.answer) << each.local << " " << each.remote;
  }
}

TEST(H264Profile, HasNoAnswerToAnotherProfile) {
  EXPECT_FALSE(
      AnswerH264ProfileLevel({{"profile-level-id", "42e01f"}}, {{"profile-level-id", "42001f"}}));
  EXPECT_FALSE(
      AnswerH264ProfileLevel({{"profile-level-id", "640c1f"}}, {{"profile-level-id", "64001f"}}));
  EXPECT_FALSE(AnswerH264ProfileLevel({}, {{"profile-level-id", "nonsense"}}));
}

}  // namespace
}  // namespace confab::sfu
