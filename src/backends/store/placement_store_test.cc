#include "backends/store/placement_store.h"

#include "backends/store/limits.h"
#include "backends/store/testing/store_test.h"
#include "backends/store/testing/wait_for.h"

namespace confab::store {
namespace {

using Renewal = PlacementStore::Renewal;
using Seen = PlacementStore::Seen;

class PlacementStoreTest : public StoreTest {
 protected:
  PlacementStore& placements() { return store_->placements(); }
  static PlacementStore::Claim Claim(std::string instance, Seen seen = {},
                                     std::string room = "garden") {
    static int64_t last_id = 0;
    return {.room = std::move(room),
            .media_instance = std::move(instance),
            .region = "north",
            .seen = seen,
            .id = ++last_id};
  }
  PlacementStore::Claimed Take(std::string instance, Seen seen = {}, std::string room = "garden") {
    return Take(Claim(std::move(instance), seen, std::move(room)));
  }
  PlacementStore::Claimed Take(PlacementStore::Claim claim) {
    return Done(placements().Take(std::move(claim)));
  }
  Renewal Renew(int64_t epoch, std::string room = "garden") {
    std::vector<PlacementStore::Lease> leases = {{.room = std::move(room), .epoch = epoch}};
    return Done(placements().Renew(std::move(leases)))[0];
  }
  void Release(int64_t epoch) {
    PlacementStore::Lease lease{.room = "garden", .epoch = epoch};
    Do(placements().Release(std::move(lease), kNowUs));
  }
};

TEST_P(PlacementStoreTest, GrantsARoomThatNobodyHas) {
  PlacementStore::Claim claim = Claim("media-1");
  claim.id = int64_t{1} << 62;
  const auto claimed = Take(claim);
  EXPECT_TRUE(claimed.is_granted);
  const PlacementRow row{.room = "garden",
                         .media_instance = "media-1",
                         .region = "north",
                         .epoch = 1,
                         .renewals = 0,
                         .claim_id = claim.id};
  EXPECT_EQ(claimed.row, row);
  EXPECT_EQ(Done(placements().Find("garden")), row);
  EXPECT_EQ(Done(placements().Find("cellar")), std::nullopt);
}

// Notes when each call wants its turn, and is out of order.
class TurnNotes final : public Database {
 public:
  std::string_view exclusion_sql() const override { return ""; }
  DatabaseStatus status() const override { return {}; }
  std::vector<Turn> turns;

 private:
  asio::awaitable<StoreResult<std::vector<Rows>>> Perform(std::vector<Statement>,
                                                          Turn turn) override {
    turns.push_back(turn);
    co_return FailStore(StoreFault::kUnavailable, "out of order");
  }
};

TEST(PlacementTurns, AreNextForRenewalsBeforeWhoeverLooks) {
  asio::io_context io;
  TurnNotes database;
  PlacementStore placements(database);
  std::vector<PlacementStore::Lease> leases = {{.room = "garden", .epoch = 1}};
  EXPECT_FALSE(WaitFor(io, placements.Find("garden")));
  EXPECT_FALSE(WaitFor(io, placements.Renew(std::move(leases))));
  EXPECT_EQ(database.turns, (std::vector{Turn::kInOrder, Turn::kNext}));
}

TEST_P(PlacementStoreTest, GrantsOneOfTwoThatSawNobody) {
  Take("media-1");
  const auto second = Take("media-2");
  EXPECT_FALSE(second.is_granted);
  EXPECT_EQ(second.row.media_instance, "media-1");
  EXPECT_EQ(second.row.epoch, 1);
}

TEST_P(PlacementStoreTest, GrantsOneOfManyAtTheSameTime) {
  std::vector<std::unique_ptr<Running<StoreResult<PlacementStore::Claimed>>>> claims;
  for (int i = 0; i < 20; ++i) {
    // Two of each: whom they name does not tell them apart.
    PlacementStore::Claim claim = Claim("media-" + std::to_string(i / 2));
    claims.push_back(std::make_unique<Running<StoreResult<PlacementStore::Claimed>>>(
        io_, placements().Take(std::move(claim))));
  }
  int granted = 0;
  for (const auto& claim : claims) {
    const auto claimed = claim->Wait();
    ASSERT_TRUE(claimed) << claimed.error().message;
    granted += claimed->is_granted ? 1 : 0;
  }
  EXPECT_EQ(granted, 1);
}

TEST_P(PlacementStoreTest, GrantsTheNextEpochToWhoSawTheRowUnchanged) {
  Take("media-1");
  const auto claimed = Take("media-2", Seen{.epoch = 1, .renewals = 0});
  EXPECT_TRUE(claimed.is_granted);
  EXPECT_EQ(claimed.row.epoch, 2);
  EXPECT_EQ(claimed.row.media_instance, "media-2");
}

TEST_P(PlacementStoreTest, RefusesAClaimWhereTheLeaseWasRenewedMeanwhile) {
  Take("media-1");
  EXPECT_EQ(Renew(1), Renewal::kRenewed);
  const auto claimed = Take("media-2", Seen{.epoch = 1, .renewals = 0});
  EXPECT_FALSE(claimed.is_granted);
  EXPECT_EQ(claimed.row.media_instance, "media-1");
  EXPECT_EQ(claimed.row.renewals, 1);
  EXPECT_TRUE(Take("media-2", Seen{.epoch = 1, .renewals = 1}).is_granted);
}

TEST_P(PlacementStoreTest, RefusesAClaimWhereAnotherWasFaster) {
  Take("media-1");
  Take("media-2", Seen{.epoch = 1});
  const auto late = Take("media-3", Seen{.epoch = 1});
  EXPECT_FALSE(late.is_granted);
  EXPECT_EQ(late.row.media_instance, "media-2");
}

TEST_P(PlacementStoreTest, GrantsARepeatedClaimAgain) {
  const PlacementStore::Claim first = Claim("media-1");
  EXPECT_TRUE(Take(first).is_granted);
  EXPECT_TRUE(Take(first).is_granted);
  const PlacementStore::Claim second = Claim("media-2", Seen{.epoch = 1});
  EXPECT_TRUE(Take(second).is_granted);
  const auto again = Take(second);
  EXPECT_TRUE(again.is_granted);
  EXPECT_EQ(again.row.epoch, 2);
}

TEST_P(PlacementStoreTest, GrantsOneOfTwoThatClaimTheSameInstance) {
  EXPECT_TRUE(Take("media-1").is_granted);
  EXPECT_FALSE(Take("media-1").is_granted);
  EXPECT_TRUE(Take("media-1", Seen{.epoch = 1}).is_granted);
  const auto late = Take("media-1", Seen{.epoch = 1});
  EXPECT_FALSE(late.is_granted);
  EXPECT_EQ(late.row.epoch, 2);
}

TEST_P(PlacementStoreTest, LosesTheLeaseOfAnOldEpoch) {
  Take("media-1");
  Take("media-2", Seen{.epoch = 1});
  EXPECT_EQ(Renew(1), Renewal::kLost);
  EXPECT_EQ(Renew(2), Renewal::kRenewed);
  EXPECT_EQ(Renew(3), Renewal::kLost);
  EXPECT_EQ(Renew(1, "cellar"), Renewal::kLost);
}

TEST_P(PlacementStoreTest, RenewsManyInTheirOrder) {
  std::vector<PlacementStore::Lease> leases;
  for (const char* room : {"c", "a", "d", "b"}) {
    leases.push_back({.room = room, .epoch = 1});
    if (leases.size() != 3) Take("media-1", {}, room);
  }
  const std::vector<Renewal> expected = {Renewal::kRenewed, Renewal::kRenewed, Renewal::kLost,
                                         Renewal::kRenewed};
  EXPECT_EQ(Done(placements().Renew(leases)), expected);
  EXPECT_TRUE(Done(placements().Renew({})).empty());
}

TEST_P(PlacementStoreTest, RenewsTheSameRoomsForManyWithoutADeadlock) {
  std::vector<PlacementStore::Lease> forward;
  for (int i = 0; i < 50; ++i) {
    forward.push_back({.room = "room-" + std::to_string(i), .epoch = 1});
    Take("media-1", {}, forward.back().room);
  }
  const std::vector<PlacementStore::Lease> backward(forward.rbegin(), forward.rend());
  std::vector<std::unique_ptr<Running<StoreResult<std::vector<Renewal>>>>> calls;
  for (int i = 0; i < 40; ++i) {
    calls.push_back(std::make_unique<Running<StoreResult<std::vector<Renewal>>>>(
        io_, placements().Renew(i % 2 == 0 ? forward : backward)));
  }
  for (const auto& call : calls) {
    const auto renewed = call->Wait();
    EXPECT_TRUE(renewed) << renewed.error().message;
  }
  EXPECT_EQ(Done(placements().Find("room-7"))->renewals, 40);
}

TEST_P(PlacementStoreTest, RefusesMoreLeasesThanOneCallRenews) {
  std::vector<PlacementStore::Lease> leases(kMaxRenewals + 1, {.room = "garden", .epoch = 1});
  EXPECT_EQ(FaultOf(placements().Renew(std::move(leases))), StoreFault::kRefused);
}

TEST_P(PlacementStoreTest, GivesTheNextEpochToARoomThatWasReleased) {
  Take("media-1");
  Release(1);
  EXPECT_EQ(Renew(1), Renewal::kLost);
  const auto row = Done(placements().Find("garden"));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->media_instance, "");
  EXPECT_FALSE(Take("media-2").is_granted);
  const auto claimed = Take("media-2", Seen{.epoch = row->epoch, .renewals = row->renewals});
  EXPECT_TRUE(claimed.is_granted);
  EXPECT_EQ(claimed.row.epoch, 2);
}

TEST_P(PlacementStoreTest, ReleasesNothingOfAnotherEpoch) {
  Take("media-1");
  Take("media-2", Seen{.epoch = 1});
  Release(1);
  EXPECT_EQ(Done(placements().Find("garden"))->media_instance, "media-2");
}

TEST_P(PlacementStoreTest, ListsTheRoomsOfAnInstance) {
  for (const char* room : {"c", "a", "b"}) Take("media-1", {}, room);
  Take("media-2", {}, "aa");
  const auto first = Done(placements().OfInstance("media-1", "", 2));
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].room, "a");
  EXPECT_EQ(first[1].room, "b");
  const auto rest = Done(placements().OfInstance("media-1", "b", 2));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].room, "c");
}

INSTANTIATE_TEST_SUITE_P(All, PlacementStoreTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
