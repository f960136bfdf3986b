#include "services/signaling/placement/lease_keeper.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "services/signaling/placement/testing/lease_keeper_fixture.h"

namespace confab::signaling {
namespace {

TEST_F(LeaseKeeperTest, ClaimsARoomThatNobodyHasAndTakesItsLease) {
  Want();
  Find({});
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "a");
  EXPECT_EQ(claim->seen, PlacementSight{});
  keeper_.HandleClaimed(now_, kRoom, ticket_, ClaimAnswer::kGranted, {}, {"a", 1, 0});
  EXPECT_FALSE(home()) << "media has not said yes yet";
  const auto lease = Taken<LeaseMedia>();
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->kind, LeaseKind::kTake);
  keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kGranted);
  EXPECT_EQ(home(), (Home{"a", 1}));
  EXPECT_EQ(Taken<HomeFound>()->home, (Home{"a", 1}));
}

TEST_F(LeaseKeeperTest, FollowsWhoeverHasTheRoomAndRenewsOnlyWhenItSeesTheRowRenewed) {
  Want();
  Find({"b", 4, 10});
  EXPECT_EQ(Taken<HomeFound>()->home, (Home{"b", 4}));
  Pass(TimeDelta::Seconds(1));
  EXPECT_FALSE(Taken<LeaseMedia>()) << "the row may be old";
  Find({"b", 4, 11});
  Pass(TimeDelta::Seconds(1));
  EXPECT_EQ(Taken<LeaseMedia>()->kind, LeaseKind::kRenew);
}

TEST_F(LeaseKeeperTest, LooksAtTheRowMoreOftenWhileItHasNoHome) {
  Want();
  Find({"b", 4, 10});
  keeper_.SetReach(now_, "b", MediaReach::kDead);
  EXPECT_FALSE(home()) << "and it is too young to be believed over";
  Pass(LeaseKeeper::kStep);
  Find({"b", 4, 10});
  Pass(RoomLease::kRetryPeriod);
  Find({"a", 5, 0});
  EXPECT_EQ(home(), (Home{"a", 5}));
  Pass(RoomLease::kRetryPeriod);
  EXPECT_FALSE(Taken<FindRow>());
}

TEST_F(LeaseKeeperTest, FollowsWhoeverWasFirst) {
  Want();
  Find({});
  Claim(ClaimAnswer::kRefused, {"b", 1, 0});
  EXPECT_EQ(home(), (Home{"b", 1}));
  EXPECT_EQ(choice_.LoadOf("a"), 0U) << "nothing is pending there any more";
}

TEST_F(LeaseKeeperTest, FollowsWhenItsRowIsLost) {
  Hold();
  Pass(TimeDelta::Seconds(1));
  ASSERT_TRUE(Taken<RenewRow>());
  keeper_.HandleRenewed(now_, kRoom, ticket_, RenewalAnswer::kLost);
  Find({"b", 2, 0});
  EXPECT_EQ(home(), (Home{"b", 2}));
  EXPECT_EQ(state(), RoomLease::State::kFollowing);
}

TEST_F(LeaseKeeperTest, TakesARowThatStandsStillOverForTheSameInstance) {
  Want();
  Find({"b", 4, 10});
  Pass(RoomLease::kPollPeriod);
  Find({"b", 4, 10});
  EXPECT_FALSE(Taken<ClaimRow>()) << "its holder may be between two renewals";
  Pass(RoomLease::kPollPeriod);
  Find({"b", 4, 10});
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "b");
  EXPECT_EQ(claim->seen, (PlacementSight{"b", 4, 10}));
  EXPECT_EQ(home(), (Home{"b", 4})) << "calls go on";
}

TEST_F(LeaseKeeperTest, RenewsAYoungLeaseThoughTheStoreIsAway) {
  Hold();
  keeper_.HandleStoreFault(now_, "another", 0);
  Pass(RoomLease::kRenewPeriod + LeaseKeeper::kStep);
  EXPECT_TRUE(Taken<TellHeld>());
  EXPECT_EQ(Taken<LeaseMedia>()->kind, LeaseKind::kRenew);
}

TEST_F(LeaseKeeperTest, GoesOnRenewingMediasLeaseWhileTheStoreIsAway) {
  Hold();
  HoldFor(TimeDelta::Seconds(4));
  for (int i = 0; i < 60; ++i) {
    Pass(TimeDelta::Seconds(1));
    if (Taken<RenewRow>()) keeper_.HandleStoreFault(now_, kRoom, ticket_);
    Lease(LeaseAnswer::kGranted);
    const auto told = Taken<TellHeld>();
    ASSERT_TRUE(told || i < 2);
    if (told) {
      EXPECT_EQ(told->home, (Home{"a", 1}));
    }
  }
  EXPECT_EQ(home(), (Home{"a", 1}));
}

TEST_F(LeaseKeeperTest, GoesOnWhereTheStoreAnswersForOtherRoomsOnly) {
  Hold();
  HoldFor(TimeDelta::Seconds(4));
  for (int i = 0; i < 20; ++i) {
    Pass(TimeDelta::Seconds(1));
    if (Taken<RenewRow>()) keeper_.HandleStoreFault(now_, kRoom, ticket_);
    keeper_.HandleFound(now_, "another", 0, {});
    Lease(LeaseAnswer::kGranted);
  }
  EXPECT_EQ(home(), (Home{"a", 1}));
}

TEST_F(LeaseKeeperTest, GoesOnRenewingMediasLeaseWhileItTakesTheRowOver) {
  Want();
  Find({"b", 4, 10});
  Pass(RoomLease::kPollPeriod);
  Find({"b", 4, 11});
  for (int i = 0; i < 3; ++i) {
    Pass(RoomLease::kPollPeriod);
    if (Taken<LeaseMedia>()) keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kGranted);
    if (Taken<FindRow>()) keeper_.HandleFound(now_, kRoom, ticket_, {"b", 4, 11});
  }
  ASSERT_TRUE(Taken<ClaimRow>());
  const uint64_t claim = ticket_;
  Pass(RoomLease::kRenewPeriod);
  Lease(LeaseAnswer::kGranted);
  keeper_.HandleStoreFault(now_, kRoom, claim);
  for (int i = 0; i < 10; ++i) {
    Pass(RoomLease::kRenewPeriod);
    if (Taken<FindRow>()) keeper_.HandleStoreFault(now_, kRoom, ticket_);
    Lease(LeaseAnswer::kGranted);
  }
  EXPECT_EQ(home(), (Home{"b", 4}));
}

TEST_F(LeaseKeeperTest, WaitsOutALeaseThatItRenewedItselfWithoutTheStore) {
  Hold();
  HoldFor(TimeDelta::Seconds(4));
  for (int i = 0; i < 30; ++i) {
    Pass(TimeDelta::Seconds(1));
    if (Taken<RenewRow>()) keeper_.HandleStoreFault(now_, kRoom, ticket_);
    Lease(LeaseAnswer::kGranted);
  }
  choice_.SetCandidates({{.id = "b", .region = "north"}});
  keeper_.SetReach(now_, "a", MediaReach::kSilent);
  Pass(TimeDelta::Seconds(2));
  Find({"a", 1, renewals_});
  Pass(TimeDelta::Seconds(2));
  Find({"a", 1, renewals_});
  EXPECT_FALSE(Taken<ClaimRow>()) << "the row has stood still for half a minute, the lease not";
}

TEST_F(LeaseKeeperTest, RefusesNewPlacementsWhileTheStoreIsAway) {
  Want();
  ASSERT_TRUE(Taken<FindRow>());
  keeper_.HandleStoreFault(now_, kRoom, ticket_);
  EXPECT_EQ(Taken<NoHome>()->reason.code, ErrorCode::kPlacementUnavailable);
  Pass(TimeDelta::Seconds(1));
  Find({});
  EXPECT_TRUE(Taken<ClaimRow>()) << "and goes on as soon as it is back";
}

TEST_F(LeaseKeeperTest, DoesNotMoveARoomThatAnotherHoldsWithoutTheStore) {
  Want();
  Find({"b", 4, 10});
  keeper_.SetReach(now_, "b", MediaReach::kSilent);
  for (int i = 0; i < 60; ++i) {
    Pass(TimeDelta::Seconds(1));
    keeper_.HandleHeard(now_, kRoom, {"b", 3});
    if (Taken<FindRow>()) keeper_.HandleFound(now_, kRoom, ticket_, {"b", 4, 10});
    EXPECT_FALSE(Taken<ClaimRow>());
  }
}

TEST_F(LeaseKeeperTest, ReleasesARoomThatHasEnded) {
  Hold();
  keeper_.Leave(kRoom, LeaseKeeper::Leaving::kRoomEnded);
  EXPECT_EQ(Taken<ReleaseRow>()->epoch, 1);
  EXPECT_EQ(keeper_.rooms(), 0U);
}

TEST_F(LeaseKeeperTest, LeavesTheRowToTheOthersWhereTheyStay) {
  Hold();
  keeper_.Leave(kRoom, LeaseKeeper::Leaving::kOthersStay);
  EXPECT_FALSE(Taken<ReleaseRow>());
}

TEST_F(LeaseKeeperTest, ReleasesWhatItWasGrantedForARoomThatIsGone) {
  Want();
  Find({});
  ASSERT_TRUE(Taken<ClaimRow>());
  keeper_.Leave(kRoom, LeaseKeeper::Leaving::kRoomEnded);
  EXPECT_EQ(choice_.LoadOf("a"), 0U);
  keeper_.HandleClaimed(now_, kRoom, ticket_, ClaimAnswer::kGranted, {}, {"a", 9, 0});
  EXPECT_EQ(Taken<ReleaseRow>()->epoch, 9);
}

TEST_F(LeaseKeeperTest, ReleasesNothingThatAnotherHadWhenItWasClaimed) {
  Want();
  Find({"b", 4, 10});
  for (int i = 0; i < 2; ++i) {
    Pass(RoomLease::kPollPeriod);
    Find({"b", 4, 10});
  }
  ASSERT_TRUE(Taken<ClaimRow>());
  keeper_.Leave(kRoom, LeaseKeeper::Leaving::kOthersStay);
  keeper_.HandleClaimed(now_, kRoom, ticket_, ClaimAnswer::kGranted, {"b", 4, 10}, {"b", 5, 0});
  EXPECT_FALSE(Taken<ReleaseRow>()) << "its lease of before is alive";
}

TEST_F(LeaseKeeperTest, IgnoresAnswersToWhatItDoesNotAskAnyMore) {
  Hold();
  keeper_.HandleFound(now_, kRoom, 999, {"b", 5, 0});
  keeper_.HandleLease(now_, kRoom, 999, LeaseAnswer::kOver);
  keeper_.HandleLease(now_, "another", 1, LeaseAnswer::kOver);
  EXPECT_EQ(home(), (Home{"a", 1}));
}

TEST_F(LeaseKeeperTest, KeepsToItsLimit) {
  for (size_t i = 0; i < LeaseKeeper::kMaxRooms; ++i) {
    ASSERT_TRUE(keeper_.Want(now_, std::to_string(i), "north"));
  }
  EXPECT_EQ(keeper_.Want(now_, "more", "north").error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace confab::signaling
