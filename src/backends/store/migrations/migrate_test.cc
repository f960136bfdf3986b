#include "backends/store/migrations/migrate.h"

#include <array>

#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

constexpr std::array<std::string_view, 2> kFirst = {
    "CREATE TABLE counters (name text NOT NULL PRIMARY KEY, runs bigint NOT NULL)",
    "INSERT INTO counters (name, runs) VALUES ('first', 1)"};
constexpr std::array<std::string_view, 1> kSecond = {"UPDATE counters SET runs = runs + 1"};
constexpr std::array<std::string_view, 2> kFaulty = {"UPDATE counters SET runs = runs + 1",
                                                     "UPDATE nowhere SET runs = 1"};
constexpr std::array<std::string_view, 2> kTwice = {
    "UPDATE counters SET runs = runs + 1", "INSERT INTO counters (name, runs) VALUES ('first', 1)"};
constexpr std::array kOne = {Migration{1, "first", kFirst}};
constexpr std::array kTwo = {Migration{1, "first", kFirst}, Migration{2, "second", kSecond}};
constexpr std::array kBad = {Migration{1, "first", kFirst}, Migration{2, "faulty", kFaulty}};
constexpr std::array kRefused = {Migration{1, "first", kFirst}, Migration{2, "twice", kTwice},
                                 Migration{3, "third", kSecond}};

class MigrateTest : public StoreTest {
 protected:
  void SetUp() override {
    std::string why_not;
    backend_ = GetParam().make(io_, why_not);
    if (!backend_) GTEST_SKIP() << why_not;
    database_ = backend_->Open();
  }
  void TearDown() override {
    database_.reset();
    StoreTest::TearDown();
  }
  int64_t Runs() {
    const Rows rows = Done(database_->Run(Statement("SELECT runs FROM counters")));
    return std::get<int64_t>(rows[0][0]);
  }

  std::unique_ptr<Database> database_;
};

TEST_P(MigrateTest, RunsEachOnce) {
  Do(Migrate(*database_, kTwo, kNowUs));
  Do(Migrate(*database_, kTwo, kNowUs));
  EXPECT_EQ(Runs(), 2);
}

TEST_P(MigrateTest, RunsWhatIsNew) {
  Do(Migrate(*database_, kOne, kNowUs));
  EXPECT_EQ(Runs(), 1);
  Do(Migrate(*database_, kTwo, kNowUs));
  EXPECT_EQ(Runs(), 2);
}

TEST_P(MigrateTest, RunsEachOnceForManyAtTheSameTime) {
  std::vector<std::unique_ptr<Database>> databases;
  std::vector<std::unique_ptr<Running<StoreResult<void>>>> calls;
  for (int i = 0; i < 6; ++i) {
    databases.push_back(backend_->Open());
    calls.push_back(std::make_unique<Running<StoreResult<void>>>(
        io_, Migrate(*databases.back(), kTwo, kNowUs)));
  }
  for (const auto& call : calls) {
    const auto done = call->Wait();
    EXPECT_TRUE(done) << done.error().message;
  }
  EXPECT_EQ(Runs(), 2);
  databases.clear();
}

TEST_P(MigrateTest, RefusesADatabaseThatIsNewerThanTheProgram) {
  Do(Migrate(*database_, kTwo, kNowUs));
  const auto refused = Wait(Migrate(*database_, kOne, kNowUs));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, StoreFault::kBroken);
  EXPECT_EQ(refused.error().message,
            "The database has schema 2, this program knows 1 at most: run the newer program that "
            "made it, or restore a backup of before");
  EXPECT_EQ(Runs(), 2);
}

TEST_P(MigrateTest, LeavesNothingOfAMigrationThatFails) {
  EXPECT_EQ(FaultOf(Migrate(*database_, kBad, kNowUs)), StoreFault::kBroken);
  EXPECT_EQ(Runs(), 1);
  Do(Migrate(*database_, kTwo, kNowUs));
  EXPECT_EQ(Runs(), 2);
}

TEST_P(MigrateTest, DoesNotTakeAMigrationThatIsRefusedForOneThatWasRun) {
  EXPECT_EQ(FaultOf(Migrate(*database_, kRefused, kNowUs)), StoreFault::kRefused);
  EXPECT_EQ(Runs(), 1);
}

TEST_P(MigrateTest, NumbersTheProgramsOwnWithoutGaps) {
  int64_t number = 0;
  for (const Migration& migration : Migrations()) EXPECT_EQ(migration.number, ++number);
  EXPECT_GT(number, 0);
}

INSTANTIATE_TEST_SUITE_P(All, MigrateTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
