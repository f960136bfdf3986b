// Every call may fail at any time, before it is done or after: repeated, it was done exactly once.

#include "backends/store/testing/faulty_database.h"
#include "backends/store/testing/life_of_a_room.h"
#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

using Moment = FaultyDatabase::Moment;

class ExactlyOnce : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    auto faulty = std::make_unique<FaultyDatabase>(backend_->Open());
    faulty_ = faulty.get();
    store_ = std::make_unique<Store>(std::move(faulty));
  }
  std::string Live(std::string prefix) {
    return LifeOfARoom(io_, *store_, std::move(prefix), kNowUs).Live();
  }
  int CallsOfALife() {
    faulty_->FailAt(0, Moment::kBefore);
    EXPECT_EQ(Live("whole-"), "");
    return faulty_->calls();
  }

  FaultyDatabase* faulty_ = nullptr;
};

TEST_P(ExactlyOnce, HoldsWhereTheNthCallFailsBeforeItIsDone) {
  const int calls = CallsOfALife();
  ASSERT_GT(calls, 35);
  for (int number = 1; number <= calls; ++number) {
    faulty_->FailAt(number, Moment::kBefore);
    EXPECT_EQ(Live("before-" + std::to_string(number) + "-"), "") << "at call " << number;
  }
}

TEST_P(ExactlyOnce, HoldsWhereTheNthCallFailsAfterItIsDone) {
  const int calls = CallsOfALife();
  for (int number = 1; number <= calls; ++number) {
    faulty_->FailAt(number, Moment::kAfter);
    EXPECT_EQ(Live("after-" + std::to_string(number) + "-"), "") << "at call " << number;
  }
}

TEST_P(ExactlyOnce, HoldsForMigrationsToo) {
  for (const Moment moment : {Moment::kBefore, Moment::kAfter}) {
    for (int number = 1; number <= 2; ++number) {
      std::string why_not;
      const auto fresh = GetParam().make(io_, why_not);
      auto database = std::make_unique<FaultyDatabase>(fresh->Open());
      database->FailAt(number, moment);
      Store store(std::move(database));
      EXPECT_FALSE(Wait(store.Prepare(kNowUs)));
      Do(store.Prepare(kNowUs));
      Done(store.rooms().Create("garden", "", kNowUs));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ExactlyOnce, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
