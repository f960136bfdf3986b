#include "services/signaling/placement/lease_keeper.h"

#include <gtest/gtest.h>

#include <optional>

#include "services/signaling/placement/testing/lease_keeper_fixture.h"

namespace confab::signaling {
namespace {

// What becomes of a room when media says something, or nothing.

TEST_F(LeaseKeeperTest, LooksAtOnceWhenAMediaInstanceComes) {
  choice_.SetCandidates({});
  Want();
  Find({});
  EXPECT_EQ(Taken<NoHome>()->reason.code, ErrorCode::kMediaUnavailable);
  Pass(LeaseKeeper::kStep);
  EXPECT_FALSE(Taken<FindRow>());
  choice_.SetCandidates({{.id = "a", .region = "north"}});
  keeper_.HandleUp(now_, "a", "first");
  Find({});
  EXPECT_TRUE(Taken<ClaimRow>());
}

TEST_F(LeaseKeeperTest, ClaimsAnewAtOnceWhenMediaIsProvenDead) {
  choice_.SetCandidates({{.id = "a", .region = "north"}, {.id = "b", .region = "north"}});
  choice_.Refused("b");
  Hold();
  HoldFor(TimeDelta::Seconds(4));
  choice_.SetCandidates({{.id = "a", .region = "north"}, {.id = "b", .region = "north"}});
  keeper_.SetReach(now_, "a", MediaReach::kDead);
  EXPECT_FALSE(home());
  EXPECT_EQ(Taken<NoHome>()->reason.code, ErrorCode::kMediaUnavailable);
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "b");
  EXPECT_EQ(claim->seen.epoch, 1);
}

TEST_F(LeaseKeeperTest, ClaimsAnewAtOnceAlsoWhatItHasJustTaken) {
  Hold();
  choice_.SetCandidates({{.id = "b", .region = "north"}});
  keeper_.SetReach(now_, "a", MediaReach::kDead);
  EXPECT_FALSE(home());
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "b");
}

TEST_F(LeaseKeeperTest, ClaimsAnewAtOnceWhereMediaRefusesTheConnectionOfATake) {
  Want();
  Find({});
  Claim(ClaimAnswer::kGranted, {"a", 1, 0});
  choice_.SetCandidates({{.id = "a", .region = "north"}, {.id = "b", .region = "north"}});
  Lease(LeaseAnswer::kDead);
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "b");
}

TEST_F(LeaseKeeperTest, TakesALeaseOnlyAtTheProcessThatWasThereAtItsClaim) {
  keeper_.HandleUp(now_, "a", "first");
  Want();
  Find({});
  ASSERT_TRUE(Taken<ClaimRow>());
  keeper_.HandleUp(now_, "a", "second");
  keeper_.HandleClaimed(now_, kRoom, ticket_, ClaimAnswer::kGranted, {}, {"a", 1, 0});
  const auto lease = Taken<LeaseMedia>();
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->process, "first");
  keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kReplaced);
  EXPECT_FALSE(Taken<ClaimRow>()) << "an older lease may be alive at the second";
  for (int i = 0; i < 2; ++i) {
    Pass(RoomLease::kPollPeriod);
    Find({"a", 1, 0});
  }
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "a");
}

TEST_F(LeaseKeeperTest, ClaimsAnewAtOnceWhatAnotherProcessCannotHold) {
  keeper_.HandleUp(now_, "a", "first");
  Hold();
  keeper_.HandleUp(now_, "b", "first");
  keeper_.HandleUp(now_, "b", "second");
  keeper_.HandleUp(now_, "a", "first");
  EXPECT_TRUE(home());
  keeper_.HandleUp(now_, "a", "second");
  EXPECT_FALSE(home());
  EXPECT_TRUE(Taken<ClaimRow>());
}

TEST_F(LeaseKeeperTest, AsksAnotherProcessWhatItHoldsForOthers) {
  keeper_.HandleUp(now_, "b", "first");
  Want();
  Find({"b", 4, 10});
  for (int i = 1; i <= 10; ++i) {
    Pass(RoomLease::kPollPeriod);
    Find({"b", 4, 10 + i});
    if (Taken<LeaseMedia>()) keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kGranted);
  }
  keeper_.HandleUp(now_, "b", "second");
  EXPECT_TRUE(home()) << "it may hold the room since long ago";
  Lease(LeaseAnswer::kOver);
  EXPECT_FALSE(home());
  EXPECT_TRUE(Taken<ClaimRow>());
}

TEST_F(LeaseKeeperTest, BelievesARefusalThatIsToldAgainWhenTheRowIsOldEnough) {
  Want();
  Find({"b", 4, 10});
  choice_.SetCandidates({{.id = "a", .region = "north"}});
  keeper_.SetReach(now_, "b", MediaReach::kDead);
  EXPECT_FALSE(home());
  EXPECT_FALSE(Taken<ClaimRow>()) << "it may have been told of the process before";
  Pass(RoomLease::kRefusalAge);
  Find({"b", 4, 10});
  EXPECT_FALSE(Taken<ClaimRow>()) << "another process may run there by now";
  keeper_.SetReach(now_, "b", MediaReach::kDead);
  EXPECT_TRUE(Taken<ClaimRow>());
}

TEST_F(LeaseKeeperTest, GoesElsewhereAtOnceWhereMediaHasNoPlace) {
  Want();
  Find({});
  Claim(ClaimAnswer::kGranted, {"a", 1, 0});
  choice_.SetCandidates({{.id = "a", .region = "north"}, {.id = "b", .region = "north"}});
  Lease(LeaseAnswer::kNoPlace);
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "b");
  EXPECT_EQ(claim->seen.epoch, 1);
  EXPECT_FALSE(Taken<NoHome>());
}

TEST_F(LeaseKeeperTest, SaysThatNobodyTakesTheRoomWhereMediaHasNoPlace) {
  Want();
  Find({});
  Claim(ClaimAnswer::kGranted, {"a", 1, 0});
  Lease(LeaseAnswer::kNoPlace);
  EXPECT_EQ(Taken<NoHome>()->reason.code, ErrorCode::kMediaUnavailable);
  EXPECT_FALSE(Taken<ClaimRow>());
}

TEST_F(LeaseKeeperTest, GoesByMediasWordThatALeaseHasEnded) {
  Hold();
  keeper_.HandleEnded(now_, kRoom, {"a", 0});
  EXPECT_TRUE(home()) << "of another epoch";
  keeper_.HandleEnded(now_, kRoom, {"a", 1});
  EXPECT_FALSE(home());
  EXPECT_EQ(Taken<NoHome>()->outlook, NoHome::Outlook::kSoon);
  HoldFor(TimeDelta::Seconds(1));
  const auto claim = Taken<ClaimRow>();
  ASSERT_TRUE(claim) << "young as it is";
  EXPECT_EQ(claim->seen.epoch, 1);
}

TEST_F(LeaseKeeperTest, WaitsTheLeaseOutWhenMediaIsMerelySilent) {
  Hold();
  HoldFor(TimeDelta::Seconds(4));
  choice_.SetCandidates({{.id = "b", .region = "north"}});
  keeper_.SetReach(now_, "a", MediaReach::kSilent);
  const Timestamp silent_at = now_;
  std::optional<ClaimRow> claim;
  while (!claim && now_ - silent_at < TimeDelta::Seconds(60)) {
    Pass(LeaseKeeper::kStep);
    if (Taken<LeaseMedia>()) keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kSilent);
    EXPECT_FALSE(Taken<RenewRow>()) << "the row has to stand still";
    if (Taken<FindRow>()) {
      keeper_.HandleFound(now_, kRoom, ticket_, {"a", 1, 77});
    }
    claim = Taken<ClaimRow>();
  }
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->media_instance, "b");
  EXPECT_GE(now_ - silent_at, RoomLease::kMoveAfter);
}

TEST_F(LeaseKeeperTest, GoesElsewhereWhereMediaIsUpAndTakesNoLease) {
  Want();
  PlacementSight row;
  int claims = 0;
  for (const Timestamp end = now_ + TimeDelta::Seconds(60);
       now_ < end && row.media_instance != "b";) {
    Pass(LeaseKeeper::kStep);
    choice_.SetCandidates({{.id = claims == 0 ? "a" : "b", .region = "north"}});
    if (Taken<LeaseMedia>()) keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kSilent);
    if (Taken<FindRow>()) keeper_.HandleFound(now_, kRoom, ticket_, row);
    const auto claim = Taken<ClaimRow>();
    if (!claim) continue;
    row = {.media_instance = claim->media_instance, .epoch = ++claims};
    keeper_.HandleClaimed(now_, kRoom, ticket_, ClaimAnswer::kGranted, claim->seen, row);
  }
  EXPECT_EQ(row.media_instance, "b");
  EXPECT_EQ(claims, RoomLease::kMuteWindows + 1);
}

TEST_F(LeaseKeeperTest, DoesNotBelieveThatAnEpochIsOverBeforeItCanHaveBeenTaken) {
  Want();
  Find({"b", 3, 7});
  Pass(RoomLease::kPollPeriod);
  Find({"b", 4, 0});
  Pass(LeaseKeeper::kStep);
  Lease(LeaseAnswer::kOver);
  EXPECT_EQ(home(), (Home{"b", 4}));
  const Timestamp seen_at = now_;
  for (int64_t renewals = 1; home() && now_ - seen_at < TimeDelta::Seconds(30); ++renewals) {
    Pass(RoomLease::kPollPeriod);
    if (Taken<FindRow>()) keeper_.HandleFound(now_, kRoom, ticket_, {"b", 4, renewals});
    if (Taken<LeaseMedia>()) keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kOver);
  }
  EXPECT_GE(now_ - seen_at, RoomLease::kTakeWindow + RoomLease::kMediaDeadline);
  EXPECT_TRUE(Taken<ClaimRow>());
}

}  // namespace
}  // namespace confab::signaling
