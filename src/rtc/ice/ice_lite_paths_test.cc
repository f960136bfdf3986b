// Which paths IceLite validates, selects and forgets.
#include <gtest/gtest.h>

#include "rtc/ice/ice_test_peer.h"

namespace confab::rtc {
namespace {

constexpr uint32_t kLow = 1000;
constexpr uint32_t kHigh = 2000;

Path PathOf(uint16_t port, uint32_t local = 1) {
  return IceFixture::PathOf(port, local);
}

TEST(IceLite, IgnoresACheckThatIsPlayedAgainFromElsewhere) {
  IceFixture f;
  const Path own = IceFixture::PathOf(4000), stranger = IceFixture::PathOf(6666);
  f.Receive(f.Good(), own);
  const std::vector<uint8_t> recorded = f.Nominating().Bytes();
  f.ReceiveBytes(recorded, own);
  EXPECT_TRUE(f.agent.is_nominated());
  f.ReceiveBytes(recorded, stranger);
  EXPECT_TRUE(f.sink.empty());
  EXPECT_FALSE(f.output.has_events());
  EXPECT_FALSE(f.agent.IsValidated(stranger));
  EXPECT_EQ(f.agent.selected(), own);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kReplayed), 1u);
  // The same over the peer's own path is a repetition, whose answer was lost.
  f.ReceiveBytes(recorded, own);
  EXPECT_TRUE(f.Answer().has_value());
}

TEST(IceNomination, SelectsTheNominatedPath) {
  IceFixture f;
  f.Receive(f.Good(), PathOf(1));
  f.Receive(f.Nominating(), PathOf(2));
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_FALSE(f.output.Has(IceEvent::kConnected));
  EXPECT_EQ(f.agent.selected(), PathOf(2));
  EXPECT_TRUE(f.agent.is_nominated());
  EXPECT_TRUE(f.agent.IsValidated(PathOf(1)));
}

TEST(IceNomination, KeepsTheSelectionOnChecksWithoutUseCandidate) {
  IceFixture f;
  f.Receive(f.Nominating(kLow), PathOf(1));
  TestCheck check = f.Good();
  check.priority = kHigh;
  f.Receive(check, PathOf(2));
  EXPECT_FALSE(f.output.has_events());
  EXPECT_EQ(f.agent.selected(), PathOf(1));
}

TEST(IceNomination, FollowsPriorityWhenEveryCheckNominates) {
  IceFixture f;
  f.Receive(f.Nominating(kLow), PathOf(1));
  f.Receive(f.Nominating(kHigh), PathOf(2));
  EXPECT_EQ(f.agent.selected(), PathOf(2));
  f.Receive(f.Nominating(kLow), PathOf(1));
  EXPECT_EQ(f.agent.selected(), PathOf(2));
  f.Receive(f.Nominating(kHigh), PathOf(3));  // a tie changes nothing
  EXPECT_EQ(f.agent.selected(), PathOf(2));
}

TEST(IceNomination, LeavesASilentPathForOneOfLowerPriority) {
  IceFixture f;
  f.Receive(f.Nominating(kHigh), PathOf(1));
  f.now = f.now + IceLite::kNominationStale - TimeDelta::Micros(1);
  f.Receive(f.Nominating(kLow), PathOf(2));
  EXPECT_EQ(f.agent.selected(), PathOf(1));
  f.now = f.now + TimeDelta::Micros(1);
  f.Receive(f.Nominating(kLow), PathOf(2));
  EXPECT_EQ(f.agent.selected(), PathOf(2));
}

TEST(IceNomination, FollowsADeliberatePeerAtOnce) {
  IceFixture f;
  f.Receive(f.Good(), PathOf(1));
  f.Receive(f.Nominating(kHigh), PathOf(1));
  f.Receive(f.Nominating(kLow), PathOf(2));  // Wi-Fi lost, over to cellular
  EXPECT_EQ(f.agent.selected(), PathOf(2));
  f.Receive(f.Nominating(kHigh), PathOf(1));
  EXPECT_EQ(f.agent.selected(), PathOf(1));
}

TEST(IcePaths, AreBoundedAndTheOldestUnusedGoes) {
  IceFixture f;
  f.Receive(f.Nominating(), PathOf(1));
  for (uint16_t port = 2; port <= IcePathTable::kMaxPaths; ++port) {
    f.now = f.now + TimeDelta::Millis(1);
    f.Receive(f.Good(), PathOf(port));
  }
  f.now = f.now + TimeDelta::Millis(1);
  f.Receive(f.Good(), PathOf(2));  // so 3 is the oldest that is not selected
  f.now = f.now + TimeDelta::Millis(1);
  f.Receive(f.Good(), PathOf(100));
  EXPECT_TRUE(f.agent.IsValidated(PathOf(1)));
  EXPECT_TRUE(f.agent.IsValidated(PathOf(2)));
  EXPECT_FALSE(f.agent.IsValidated(PathOf(3)));
  EXPECT_TRUE(f.agent.IsValidated(PathOf(4)));
  EXPECT_TRUE(f.agent.IsValidated(PathOf(100)));
  EXPECT_EQ(f.agent.selected(), PathOf(1));
}

TEST(IcePaths, NeverLoseTheSelectedOneHoweverManyCome) {
  IceFixture f;
  f.Receive(f.Good(), PathOf(1));
  for (uint16_t port = 2; port < 500; ++port) f.Receive(f.Good(), PathOf(port));
  EXPECT_EQ(f.agent.selected(), PathOf(1));
  EXPECT_TRUE(f.agent.IsValidated(PathOf(1)));
}

TEST(IcePaths, DifferByLocalSocketToo) {
  IceFixture f;
  f.Receive(f.Good(), PathOf(1, 1));
  EXPECT_FALSE(f.agent.IsValidated(PathOf(1, 2)));
}

TEST(IcePaths, GoWithTheirConnection) {
  IceFixture f;
  f.Receive(f.Nominating(), PathOf(1, 1));
  f.Receive(f.Good(), PathOf(2, 2));
  f.now = f.now + TimeDelta::Millis(1);
  f.Receive(f.Good(), PathOf(3, 3));
  f.output.Clear();
  f.agent.ForgetLocalSocket(LocalSocket(2), f.output);
  EXPECT_FALSE(f.output.has_events());
  f.agent.ForgetLocalSocket(LocalSocket(1), f.output);
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_EQ(f.agent.selected(), PathOf(3, 3));
  EXPECT_FALSE(f.agent.is_nominated());
  f.agent.ForgetLocalSocket(LocalSocket(3), f.output);
  EXPECT_FALSE(f.agent.selected().has_value());
}

TEST(IceTimeout, DisconnectsAfterThirtySecondsWithoutAnyCheck) {
  IceFixture f;
  EXPECT_EQ(f.agent.NextTimeout(), f.now + TimeDelta::Seconds(30));
  f.now = f.agent.NextTimeout() - TimeDelta::Micros(1);
  f.FireTimeout();
  EXPECT_FALSE(f.output.has_events());
  f.now = f.agent.NextTimeout();
  f.FireTimeout();
  EXPECT_TRUE(f.output.Has(IceEvent::kDisconnected));
  EXPECT_EQ(f.agent.state(), IceState::kDisconnected);
  EXPECT_TRUE(f.agent.NextTimeout().is_never());
}

TEST(IceTimeout, CountsFromTheLastAuthenticatedCheck) {
  IceFixture f;
  f.now = f.now + TimeDelta::Seconds(20);
  f.Receive(f.Nominating(), PathOf(1));
  f.now = f.now + TimeDelta::Seconds(29);
  TestCheck forged = f.Good();
  forged.password = "wrong";
  f.Receive(forged, PathOf(1));
  TestCheck indication = f.Good();
  indication.message_class = StunClass::kIndication;
  f.Receive(indication, PathOf(1));
  f.FireTimeout();
  EXPECT_EQ(f.agent.state(), IceState::kConnected);
  f.now = f.now + TimeDelta::Seconds(1);
  EXPECT_EQ(f.agent.NextTimeout(), f.now);
  f.FireTimeout();
  EXPECT_TRUE(f.output.Has(IceEvent::kDisconnected));
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_FALSE(f.agent.selected().has_value());
  EXPECT_FALSE(f.agent.IsValidated(PathOf(1)));
}

TEST(IceTimeout, ConnectsAgainOnALaterCheck) {
  IceFixture f;
  f.now = f.agent.NextTimeout();
  f.FireTimeout();
  f.Receive(f.Good(), PathOf(1));
  EXPECT_TRUE(f.output.Has(IceEvent::kConnected));
  EXPECT_EQ(f.agent.NextTimeout(), f.now + IceLite::kInactivityTimeout);
}

TEST(IceTimeout, MovesToTheFreshestPathWhenTheSelectedOneFallsSilent) {
  IceFixture f;
  f.Receive(f.Nominating(), PathOf(1));
  f.now = f.now + TimeDelta::Seconds(10);
  f.Receive(f.Good(), PathOf(2));
  f.now = f.now + TimeDelta::Seconds(1);
  f.Receive(f.Good(), PathOf(3));
  f.now = IceFixture::kStart + TimeDelta::Seconds(30);
  EXPECT_EQ(f.agent.NextTimeout(), f.now);
  f.FireTimeout();
  EXPECT_EQ(f.agent.state(), IceState::kConnected);
  EXPECT_EQ(f.agent.selected(), PathOf(3));
  EXPECT_FALSE(f.agent.IsValidated(PathOf(1)));
  EXPECT_EQ(f.agent.NextTimeout(), f.now + TimeDelta::Seconds(10));
}

}  // namespace
}  // namespace confab::rtc
