// What every Database does, whatever it is made of (database.h).

#include <limits>

#include "backends/store/limits.h"
#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

class DatabaseConformance : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    database_ = backend_->Open();
    Rows made = Ask("CREATE TABLE things (name text NOT NULL PRIMARY KEY, number bigint NOT NULL)");
    EXPECT_TRUE(made.empty());
  }
  void TearDown() override {
    database_.reset();
    StoreTest::TearDown();
  }

  Rows Ask(std::string_view sql, std::vector<Value> parameters = {}) {
    return Done(database_->Run(Statement(sql, std::move(parameters))));
  }
  StoreFault Fault(std::string_view sql, std::vector<Value> parameters = {}) {
    return FaultOf(database_->Run(Statement(sql, std::move(parameters))));
  }
  static Statement Insert(std::string name, int64_t number) {
    return Statement("INSERT INTO things (name, number) VALUES ($1, $2)",
                     {std::move(name), number});
  }
  int64_t Count() { return std::get<int64_t>(Ask("SELECT count(*) FROM things")[0][0]); }

  std::unique_ptr<Database> database_;
};

TEST_P(DatabaseConformance, GivesBackWhatWasStored) {
  for (const int64_t number : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
                               std::numeric_limits<int64_t>::max()}) {
    for (const std::string name : {"", "it's $1", "12", "Grüße \xF0\x9F\x91\x8B\n\t\\x"}) {
      Ask("DELETE FROM things");
      Done(database_->Run(Insert(name, number)));
      const Rows rows = Ask("SELECT name, number FROM things");
      ASSERT_EQ(rows.size(), 1u);
      EXPECT_EQ(rows[0], (Row{name, number}));
    }
  }
}

TEST_P(DatabaseConformance, TakesParametersByTheirNumbers) {
  const Rows rows =
      Ask("INSERT INTO things (number, name) VALUES ($2, $1) ON CONFLICT (name) DO NOTHING "
          "RETURNING number, name",
          {std::string("a"), int64_t{7}});
  EXPECT_EQ(rows, (Rows{{int64_t{7}, std::string("a")}}));
}

TEST_P(DatabaseConformance, LetsEachStatementSeeTheOnesBefore) {
  std::vector<Statement> statements;
  statements.push_back(Insert("a", 1));
  statements.push_back(Statement("UPDATE things SET number = number + 1"));
  statements.push_back(Statement("SELECT number FROM things"));
  const auto rows = Done(database_->Transact(std::move(statements)));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2], (Rows{{int64_t{2}}}));
}

TEST_P(DatabaseConformance, DoesAllOrNothing) {
  std::vector<Statement> statements;
  statements.push_back(Insert("a", 1));
  statements.push_back(Insert("b", 2));
  statements.push_back(Insert("a", 3));
  statements.push_back(Insert("c", 4));
  EXPECT_EQ(FaultOf(database_->Transact(std::move(statements))), StoreFault::kRefused);
  EXPECT_EQ(Count(), 0);
  // And goes on with the same statements.
  Done(database_->Run(Insert("a", 1)));
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseConformance, NamesTheKindOfAFault) {
  EXPECT_EQ(Fault("SELECT nothing FROM nowhere"), StoreFault::kBroken);
  EXPECT_EQ(Fault("this is no SQL"), StoreFault::kBroken);
  EXPECT_EQ(Fault("INSERT INTO things (name, number) VALUES ($1, $2)",
                  {std::string("a\0b", 3), int64_t{1}}),
            StoreFault::kRefused);
  EXPECT_EQ(Fault("INSERT INTO things (name, number) VALUES ($1, $2)",
                  {std::string("\xC3\x28"), int64_t{1}}),
            StoreFault::kRefused);
  EXPECT_EQ(Count(), 0);
}

TEST_P(DatabaseConformance, RefusesMoreStatementsThanATransactionMayHave) {
  std::vector<Statement> most(kMaxStatements, Statement("SELECT 1"));
  EXPECT_EQ(Done(database_->Transact(most)).size(), kMaxStatements);
  most.push_back(Statement("SELECT 1"));
  EXPECT_EQ(FaultOf(database_->Transact(most)), StoreFault::kRefused);
  EXPECT_EQ(FaultOf(database_->Transact({})), StoreFault::kRefused);
}

TEST_P(DatabaseConformance, CarriesLargeTexts) {
  const std::string large(4'000'000, 'x');
  Ask("CREATE TABLE pages (body text NOT NULL)");
  Ask("INSERT INTO pages (body) VALUES ($1)", {large});
  EXPECT_EQ(Ask("SELECT body FROM pages"), (Rows{{large}}));
}

TEST_P(DatabaseConformance, AnswersManyCallsAtOnce) {
  std::vector<std::unique_ptr<Running<StoreResult<Rows>>>> calls;
  for (int i = 0; i < 100; ++i) {
    calls.push_back(std::make_unique<Running<StoreResult<Rows>>>(
        io_, database_->Run(Insert(std::to_string(i), i))));
  }
  for (const auto& call : calls) EXPECT_TRUE(call->Wait());
  EXPECT_EQ(Count(), 100);
}

TEST_P(DatabaseConformance, RefusesCallsBeyondItsQueue) {
  // So that the queue does not empty itself meanwhile.
  Running<StoreResult<Rows>> slow(
      io_,
      database_->Run(Statement("WITH RECURSIVE counting (n) AS (SELECT 1 UNION ALL SELECT n + 1 "
                               "FROM counting WHERE n < 300000) SELECT max(n) FROM counting")));
  std::vector<std::unique_ptr<Running<StoreResult<Rows>>>> calls;
  for (size_t i = 0; i < kMaxWaitingCalls + 200; ++i) {
    calls.push_back(
        std::make_unique<Running<StoreResult<Rows>>>(io_, database_->Run(Statement("SELECT 1"))));
  }
  size_t busy = 0;
  for (const auto& call : calls) {
    const auto answer = call->Wait();
    if (!answer) {
      EXPECT_EQ(answer.error().fault, StoreFault::kBusy) << answer.error().message;
      ++busy;
    }
  }
  EXPECT_TRUE(slow.Wait());
  EXPECT_GT(busy, 0u);
  EXPECT_EQ(database_->status().waiting, 0u);
}

TEST_P(DatabaseConformance, ShowsOneProcessWhatAnotherDid) {
  const auto other = backend_->Open();
  Done(other->Run(Insert("a", 1)));
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseConformance, LetsTwoProcessesWriteAtOnce) {
  const auto other = backend_->Open();
  std::vector<std::unique_ptr<Running<StoreResult<Rows>>>> calls;
  for (int i = 0; i < 50; ++i) {
    Database& database = i % 2 == 0 ? *database_ : *other;
    calls.push_back(std::make_unique<Running<StoreResult<Rows>>>(
        io_, database.Run(Insert(std::to_string(i), i))));
  }
  for (const auto& call : calls) {
    const auto done = call->Wait();
    EXPECT_TRUE(done) << done.error().message;
  }
  EXPECT_EQ(Count(), 50);
}

TEST_P(DatabaseConformance, IsUpWhenItHasAnswered) {
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(database_->status().is_up);
  EXPECT_EQ(database_->status().reason, "");
  EXPECT_GE(database_->status().open_connections, 1u);
}

TEST_P(DatabaseConformance, MayEndWhileCallsAreUnderWay) {
  std::vector<std::unique_ptr<Running<StoreResult<Rows>>>> calls;
  for (int i = 0; i < 50; ++i) {
    calls.push_back(std::make_unique<Running<StoreResult<Rows>>>(
        io_, database_->Run(Insert(std::to_string(i), i))));
  }
  RunUntil(io_, [&] { return calls[3]->is_done(); });
  database_.reset();
  size_t acknowledged = 0;
  for (const auto& call : calls) acknowledged += call->Wait() ? 1 : 0;
  database_ = backend_->Open();
  EXPECT_GE(Count(), static_cast<int64_t>(acknowledged));
  EXPECT_GE(acknowledged, 1u);
}

TEST_P(DatabaseConformance, MayEndWithACallThatNobodyRunsAnyMore) {
  const Running<StoreResult<Rows>> call(io_, database_->Run(Statement("SELECT 1")));
  io_.restart();
  io_.poll();
  database_.reset();
}

INSTANTIATE_TEST_SUITE_P(All, DatabaseConformance, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
