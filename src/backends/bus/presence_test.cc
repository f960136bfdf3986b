#include "backends/bus/presence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/bus/testing/ledgers_under_test.h"

namespace confab::bus {
namespace {

constexpr TimeDelta kTtl = TimeDelta::Seconds(10);

Timestamp At(int64_t seconds) {
  return Timestamp::Millis(seconds * 1000);
}

TEST(Presence, SaysWhetherAnythingChanged) {
  Presence presence(kTtl);
  const InstanceName one = NameOf("one");
  EXPECT_TRUE(presence.Update({}));
  EXPECT_FALSE(presence.Update({}));
  EXPECT_TRUE(presence.Update({one}));
  EXPECT_THAT(presence.alive(), testing::ElementsAre(one));
}

TEST(Presence, TakesNobodyForGoneBeforeAWholeTtl) {
  Presence presence(kTtl);
  const InstanceName one = NameOf("one");
  presence.Update({});
  EXPECT_FALSE(presence.IsGone(one, At(0)));
  EXPECT_FALSE(presence.IsGone(one, At(9)));
  EXPECT_TRUE(presence.IsGone(one, At(10)));
}

TEST(Presence, TakesNobodyForGoneWhoIsAlive) {
  Presence presence(kTtl);
  const InstanceName one = NameOf("one");
  presence.Update({});
  EXPECT_FALSE(presence.IsGone(one, At(0)));
  presence.Update({one});
  EXPECT_FALSE(presence.IsGone(one, At(20)));
  presence.Update({});
  EXPECT_FALSE(presence.IsGone(one, At(30)));
}

TEST(Presence, TakesNobodyForGoneWhileTheBusDoesNotAnswer) {
  Presence presence(kTtl);
  const InstanceName one = NameOf("one");
  EXPECT_FALSE(presence.IsGone(one, At(0)));
  EXPECT_FALSE(presence.IsGone(one, At(100)));
  presence.Update({});
  EXPECT_FALSE(presence.IsGone(one, At(100)));
  presence.Lose();
  EXPECT_FALSE(presence.IsGone(one, At(111)));
}

}  // namespace
}  // namespace confab::bus
