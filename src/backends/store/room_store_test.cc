#include "backends/store/room_store.h"

#include "backends/store/limits.h"
#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

class RoomStoreTest : public StoreTest {
 protected:
  RoomStore& rooms() { return store_->rooms(); }
  RoomStore::Changed Change(std::string settings, int64_t seen_version) {
    RoomStore::Wanted wanted{.room = "garden",
                             .settings = std::move(settings),
                             .seen_version = seen_version,
                             .now_us = kNowUs + 1};
    return Done(rooms().ChangeSettings(std::move(wanted)));
  }
};

TEST_P(RoomStoreTest, FindsWhatWasCreated) {
  const RoomRow garden{.room = "garden",
                       .settings = R"({"a":1})",
                       .version = 1,
                       .created_at_us = kNowUs,
                       .changed_at_us = kNowUs};
  EXPECT_EQ(Done(rooms().Create("garden", R"({"a":1})", kNowUs)), garden);
  EXPECT_EQ(Done(rooms().Find("garden")), garden);
  EXPECT_EQ(Done(rooms().Find("cellar")), std::nullopt);
}

TEST_P(RoomStoreTest, KeepsTheFirstOfOneName) {
  const RoomRow first = Done(rooms().Create("garden", "1", kNowUs));
  EXPECT_EQ(Done(rooms().Create("garden", "2", kNowUs + 1)), first);
}

TEST_P(RoomStoreTest, ChangesWhatNobodyElseHasChanged) {
  Done(rooms().Create("garden", "1", kNowUs));
  const auto changed = Change("2", 1);
  EXPECT_EQ(changed.outcome, RoomStore::Change::kDone);
  EXPECT_EQ(changed.room.version, 2);
  EXPECT_EQ(changed.room.settings, "2");
  EXPECT_EQ(changed.room.changed_at_us, kNowUs + 1);
  EXPECT_EQ(changed.room.created_at_us, kNowUs);
}

TEST_P(RoomStoreTest, DoesNotOverwriteAnothersChange) {
  Done(rooms().Create("garden", "1", kNowUs));
  Change("theirs", 1);
  const auto changed = Change("ours", 1);
  EXPECT_EQ(changed.outcome, RoomStore::Change::kConflict);
  EXPECT_EQ(changed.room.settings, "theirs");
  EXPECT_EQ(Done(rooms().Find("garden"))->settings, "theirs");
}

TEST_P(RoomStoreTest, IsDoneWhenAChangeIsRepeated) {
  Done(rooms().Create("garden", "1", kNowUs));
  Change("2", 1);
  const auto again = Change("2", 1);
  EXPECT_EQ(again.outcome, RoomStore::Change::kDone);
  EXPECT_EQ(again.room.version, 2);
}

TEST_P(RoomStoreTest, ChangesNoRoomThatIsNotThere) {
  EXPECT_EQ(Change("2", 1).outcome, RoomStore::Change::kNotFound);
}

TEST_P(RoomStoreTest, PagesInTheOrderOfNames) {
  for (const char* name : {"c", "a", "d", "b"}) Done(rooms().Create(name, "", kNowUs));
  const auto first = Done(rooms().Page("", 3));
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].room, "a");
  EXPECT_EQ(first[2].room, "c");
  const auto second = Done(rooms().Page("c", 3));
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].room, "d");
}

TEST_P(RoomStoreTest, Removes) {
  Done(rooms().Create("garden", "", kNowUs));
  Do(rooms().Remove("garden"));
  Do(rooms().Remove("garden"));
  EXPECT_EQ(Done(rooms().Find("garden")), std::nullopt);
}

TEST_P(RoomStoreTest, RefusesWhatIsTooLarge) {
  EXPECT_EQ(FaultOf(rooms().Create("", "", kNowUs)), StoreFault::kRefused);
  EXPECT_EQ(FaultOf(rooms().Create(std::string(kMaxRoomBytes + 1, 'r'), "", kNowUs)),
            StoreFault::kRefused);
  EXPECT_EQ(FaultOf(rooms().Create("r", std::string(kMaxSettingsBytes + 1, 's'), kNowUs)),
            StoreFault::kRefused);
  EXPECT_EQ(FaultOf(rooms().Create("r", "", 0)), StoreFault::kRefused);
  const std::string longest(kMaxRoomBytes, 'r');
  EXPECT_EQ(Done(rooms().Create(longest, std::string(kMaxSettingsBytes, 's'), kNowUs)).room,
            longest);
}

INSTANTIATE_TEST_SUITE_P(All, RoomStoreTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
