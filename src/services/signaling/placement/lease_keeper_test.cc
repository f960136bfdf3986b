#include "services/signaling/placement/lease_keeper.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>

namespace confab::signaling {
namespace {

constexpr const char* kRoom = "room";

// One keeper, whose calls the test answers by hand.
class LeaseKeeperTest : public ::testing::Test {
 protected:
  void SetUp() override {
    choice_.SetCandidates({{.id = "a", .region = "north"}});
    keeper_.SetReach(now_, "a", MediaReach::kUp);
    keeper_.SetReach(now_, "b", MediaReach::kUp);
  }
  void Want() { ASSERT_TRUE(keeper_.Want(now_, kRoom, "north")); }
  // Steps through time; what was asked for is kept, the newest of each kind.
  void Pass(TimeDelta time) {
    for (const Timestamp end = now_ + time; now_ < end;) {
      now_ = now_ + LeaseKeeper::kStep;
      keeper_.Step(now_);
      Collect();
    }
  }
  void Collect() {
    for (PlacementCall& call : keeper_.TakeCalls()) {
      calls_[call.what.index()] = std::move(call);
    }
  }
  // The newest call of this kind since it was last taken.
  template <typename Call>
  std::optional<Call> Taken() {
    Collect();
    for (auto& [index, call] : calls_) {
      if (const auto* what = std::get_if<Call>(&call.what)) {
        ticket_ = call.ticket;
        Call taken = *what;
        calls_.erase(index);
        return taken;
      }
    }
    return std::nullopt;
  }
  void Find(const PlacementSight& sight) {
    ASSERT_TRUE(Taken<FindRow>());
    keeper_.HandleFound(now_, kRoom, ticket_, sight);
  }
  void Lease(LeaseAnswer answer) {
    ASSERT_TRUE(Taken<LeaseMedia>());
    keeper_.HandleLease(now_, kRoom, ticket_, answer);
  }
  void Claim(ClaimAnswer answer, const PlacementSight& sight) {
    ASSERT_TRUE(Taken<ClaimRow>());
    keeper_.HandleClaimed(now_, kRoom, ticket_, answer, {}, sight);
  }
  // Held at "a" with epoch 1.
  void Hold() {
    Want();
    Find({});
    Claim(ClaimAnswer::kGranted, {"a", 1, 0});
    Lease(LeaseAnswer::kGranted);
    ASSERT_EQ(state(), RoomLease::State::kHeld);
    ASSERT_TRUE(Taken<HomeFound>());
  }
  // Held for so long that its claim is settled, with the store and media answering.
  void HoldFor(TimeDelta time) {
    for (const Timestamp end = now_ + time; now_ < end;) {
      Pass(LeaseKeeper::kStep);
      if (Taken<RenewRow>()) {
        keeper_.HandleRenewed(now_, kRoom, ticket_, RenewalAnswer::kRenewed);
        ++renewals_;
      }
      if (Taken<LeaseMedia>()) keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kGranted);
    }
  }
  RoomLease::State state() const { return keeper_.Find(kRoom)->state(); }
  std::optional<Home> home() const { return keeper_.Find(kRoom)->home(); }

  Timestamp now_ = Timestamp::Millis(1'000'000);
  Prng random_{3};
  PlacementChoice choice_{random_};
  LeaseKeeper keeper_{choice_};
  std::map<size_t, PlacementCall> calls_;
  uint64_t ticket_ = 0;
  int64_t renewals_ = 0;  // of the row
};

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

TEST_F(LeaseKeeperTest, RenewsAYoungLeaseThoughTheStoreIsAway) {
  Hold();
  keeper_.HandleStoreFault(now_, "another", 0);
  Pass(RoomLease::kRenewPeriod + LeaseKeeper::kStep);
  EXPECT_TRUE(Taken<TellHeld>());
  EXPECT_EQ(Taken<LeaseMedia>()->kind, LeaseKind::kRenew);
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
