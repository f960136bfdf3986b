#include "sfu/parameters/scalability_mode.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

using enum ScalabilityMode::Dependency;

TEST(ScalabilityMode, ReadsEveryFormOfTheStandard) {
  const std::pair<const char*, ScalabilityMode> cases[] = {
      {"L1T1", {1, 1, kInterLayer}},
      {"L1T3", {1, 3, kInterLayer}},
      {"L3T3", {3, 3, kInterLayer}},
      {"L3T3_KEY", {3, 3, kKeyFrameOnly}},
      {"L2T2_KEY_SHIFT", {2, 2, kKeyFrameOnly}},
      {"L2T1h", {2, 1, kInterLayer}},
      {"L2T3h_KEY", {2, 3, kKeyFrameOnly}},
      {"S3T3", {3, 3, kIndependent}},
      {"S2T1h", {2, 1, kIndependent}},
      {"L8T8", {8, 8, kInterLayer}}};
  for (const auto& [text, mode] : cases) EXPECT_EQ(ParseScalabilityMode(text), mode) << text;
}

TEST(ScalabilityMode, RefusesEverythingElse) {
  for (const char* text :
       {"", "L", "L1", "L1T", "1T1", "M1T1", "L0T1", "L1T0", "L9T1", "L1T9", "L10T1", "L1T1 ",
        "L1T1_", "L1T1_SHIFT", "L3T3_KEY_", "L3T3_KEY_SHIFTS", "S3T3_KEY", "l1t1", "L3T3_KEYh"}) {
    EXPECT_EQ(ParseScalabilityMode(text), std::nullopt) << text;
  }
}

TEST(ScalabilityMode, KnowsWhetherThereIsAnythingToChoose) {
  EXPECT_FALSE(ParseScalabilityMode("L1T1")->is_layered());
  EXPECT_TRUE(ParseScalabilityMode("L1T2")->is_layered());
  EXPECT_TRUE(ParseScalabilityMode("L2T1")->is_layered());
}

TEST(ScalabilityMode, ReadsWhatItWrites) {
  EXPECT_EQ(ToScalabilityMode(3, 2), "L3T2");
  EXPECT_EQ(ParseScalabilityMode(ToScalabilityMode(8, 1)), (ScalabilityMode{8, 1, kInterLayer}));
}

}  // namespace
}  // namespace confab::sfu
