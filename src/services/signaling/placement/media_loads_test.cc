#include "services/signaling/placement/media_loads.h"

#include <gtest/gtest.h>

namespace confab::signaling {
namespace {

using Intake = PlacementChoice::Intake;
using Instances = std::vector<MediaPool::InstanceStatus>;

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);

media::v1::Load LoadOf(uint32_t transports) {
  media::v1::Load load;
  load.set_transports(transports);
  return load;
}

const Instances kTwo = {{.id = "a", .region = "north", .is_up = true, .is_listed = true},
                        {.id = "b", .region = "south", .is_up = true, .is_listed = true}};

TEST(MediaLoads, IsDueWhenAllHaveTold) {
  MediaLoads loads;
  EXPECT_TRUE(loads.IsDue(kStart, kTwo));
  (void)loads.Take(kStart, kTwo);
  EXPECT_FALSE(loads.IsDue(kStart, kTwo));
  loads.HandleLoad(kStart, "a", LoadOf(1));
  EXPECT_FALSE(loads.IsDue(kStart, kTwo)) << "what was placed at the other would be forgotten";
  loads.HandleLoad(kStart, "b", LoadOf(2));
  EXPECT_TRUE(loads.IsDue(kStart, kTwo));
  (void)loads.Take(kStart, kTwo);
  EXPECT_FALSE(loads.IsDue(kStart + TimeDelta::Millis(1), kTwo));
  EXPECT_TRUE(loads.IsDue(kStart + MediaLoads::kMaxAge, kTwo)) << "one may have fallen silent";
}

TEST(MediaLoads, IsDueAtOnceWhenOneDrains) {
  MediaLoads loads;
  (void)loads.Take(kStart, kTwo);
  media::v1::Load load = LoadOf(0);
  load.set_is_draining(true);
  loads.HandleLoad(kStart, "b", load);
  EXPECT_TRUE(loads.IsDue(kStart, kTwo));
}

TEST(MediaLoads, OffersNobodyWhoHasFallenSilent) {
  MediaLoads loads;
  loads.HandleLoad(kStart, "a", LoadOf(0));
  const Timestamp later = kStart + MediaLoads::kSilence;
  EXPECT_FALSE(loads.IsSilent(later - TimeDelta::Millis(1), "a"));
  EXPECT_TRUE(loads.IsSilent(later, "a"));
  EXPECT_FALSE(loads.IsSilent(later, "b")) << "it has not begun to tell";
  const auto candidates = loads.Take(later, kTwo);
  EXPECT_EQ(candidates[0].intake, Intake::kClosed);
  EXPECT_EQ(candidates[1].intake, Intake::kOpen);
  loads.HandleUp("a");
  EXPECT_FALSE(loads.IsSilent(later, "a"));
}

TEST(MediaLoads, OffersThoseThatAreUpAndListedAndHavePlace) {
  MediaLoads loads;
  Instances instances = kTwo;
  instances.push_back({.id = "c", .region = "", .is_up = false, .is_listed = true});
  instances.push_back({.id = "d", .region = "", .is_up = true, .is_listed = false});
  instances.push_back({.id = "e", .region = "", .is_up = true, .is_listed = true});
  instances.push_back({.id = "f", .region = "", .is_up = true, .is_listed = true});
  loads.HandleLoad(kStart, "a", LoadOf(7));
  media::v1::Load draining;
  draining.set_is_draining(true);
  loads.HandleLoad(kStart, "e", draining);
  media::v1::Load full;
  full.set_is_full(true);
  loads.HandleLoad(kStart, "f", full);
  const auto candidates = loads.Take(kStart, instances);
  ASSERT_EQ(candidates.size(), 6U);
  EXPECT_EQ(candidates[0].transports, 7U);
  EXPECT_EQ(candidates[1].region, "south");
  std::string open;
  for (const auto& candidate : candidates) {
    if (candidate.intake == Intake::kOpen) open += candidate.id;
  }
  EXPECT_EQ(open, "ab");
}

}  // namespace
}  // namespace confab::signaling
