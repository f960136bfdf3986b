// What PostgreSQL does when it fails, and what is told of it.

#include "backends/store/postgres/postgres_database.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "backends/store/store.h"
#include "backends/store/testing/postgres_server.h"
#include "backends/store/testing/store_test.h"
#include "backends/store/testing/wait_for.h"

namespace confab::store {
namespace {

using Answer = StoreResult<std::vector<Rows>>;

// For those who wait in vain; to connect takes a part of it, on a busy machine too.
constexpr TimeDelta kShortWait = TimeDelta::Seconds(1);

class PostgresDatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string why_not;
    server_ = PostgresServer::Shared(why_not);
    if (server_ == nullptr) GTEST_SKIP() << why_not;
    url_ = server_->MakeDatabase();
    database_ = Make(PostgresOptions());
    PostgresServer::Ask(url_, "CREATE TABLE things (name text NOT NULL)");
  }
  void TearDown() override {
    database_.reset();
    io_.restart();
    io_.poll();
  }

  std::unique_ptr<PostgresDatabase> Make(PostgresOptions options) {
    if (options.url.empty()) options.url = url_;
    return std::move(*PostgresDatabase::Make(io_, std::move(options)));
  }
  Answer Ask(std::vector<std::string_view> sqls) {
    std::vector<Statement> statements;
    for (const std::string_view sql : sqls) statements.push_back(Statement(sql));
    return WaitFor(io_, database_->Transact(std::move(statements)));
  }
  std::unique_ptr<Running<Answer>> Begin(std::vector<std::string_view> sqls) {
    std::vector<Statement> statements;
    for (const std::string_view sql : sqls) statements.push_back(Statement(sql));
    return std::make_unique<Running<Answer>>(io_, database_->Transact(std::move(statements)));
  }
  // Until a session of ours sleeps in the server.
  void AwaitSleeper() {
    RunUntil(io_, [&] {
      return PostgresServer::Ask(url_,
                                 "SELECT count(*) FROM pg_stat_activity WHERE "
                                 "datname = current_database() AND wait_event = 'PgSleep'") == "1";
    });
  }
  void EndSessions() {
    PostgresServer::Ask(url_,
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                        "datname = current_database() AND application_name = 'confab'");
    RunUntil(io_, [&] {
      return PostgresServer::Ask(url_,
                                 "SELECT count(*) FROM pg_stat_activity WHERE "
                                 "datname = current_database() AND "
                                 "application_name = 'confab'") == "0";
    });
  }
  std::string Count() { return PostgresServer::Ask(url_, "SELECT count(*) FROM things"); }

  asio::io_context io_;
  PostgresServer* server_ = nullptr;
  std::string url_;
  std::unique_ptr<PostgresDatabase> database_;
};

constexpr std::string_view kInsert = "INSERT INTO things (name) VALUES ('a')";

TEST_F(PostgresDatabaseTest, WorksThroughASocketInTheFileSystem) {
  database_ = Make({.url = server_->SocketUrl(url_)});
  EXPECT_TRUE(Ask({kInsert}));
  EXPECT_EQ(Count(), "1");
}

TEST_F(PostgresDatabaseTest, NoticesASessionThatWasEndedWhileItWasIdle) {
  ASSERT_TRUE(Ask({kInsert}));
  EndSessions();
  const auto again = Ask({kInsert});
  EXPECT_TRUE(again) << again.error().message;
  EXPECT_EQ(Count(), "2");
}

TEST_F(PostgresDatabaseTest, LeavesNothingOfATransactionWhoseSessionIsEnded) {
  const auto call = Begin({kInsert, "SELECT pg_sleep(60)"});
  AwaitSleeper();
  EndSessions();
  const auto ended = call->Wait();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().fault, StoreFault::kUnavailable) << ended.error().message;
  EXPECT_EQ(Count(), "0");
  EXPECT_TRUE(Ask({kInsert}));
}

TEST_F(PostgresDatabaseTest, GivesUpSoonerInTheServerThanHere) {
  database_ = Make({.call_limit = TimeDelta::Millis(2500)});
  const auto late = Ask({kInsert, "SELECT pg_sleep(60)"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fault, StoreFault::kBusy) << late.error().message;
  EXPECT_EQ(Count(), "0");
  // The session is as good as before.
  EXPECT_TRUE(Ask({kInsert}));
}

TEST_F(PostgresDatabaseTest, DoesNotKnowWhatBecameOfACallWithoutAnAnswer) {
  database_ = Make({.call_limit = TimeDelta::Millis(600)});
  const auto late =
      Ask({"SELECT set_config('statement_timeout', '0', false)", kInsert, "SELECT pg_sleep(2)"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fault, StoreFault::kPerhapsDone) << late.error().message;
  // It was done: the server had everything.
  RunUntil(io_, [&] { return Count() == "1"; });
}

TEST_F(PostgresDatabaseTest, KnowsThatACommitWasRefused) {
  PostgresServer::Ask(url_, "ALTER TABLE things ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED");
  const auto twice = Ask({kInsert, kInsert});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().fault, StoreFault::kRefused) << twice.error().message;
  EXPECT_EQ(Count(), "0");
}

TEST_F(PostgresDatabaseTest, RepeatsStatementsBeyondThoseThatItKeepsPrepared) {
  static const std::vector<std::string> kSqls = [] {
    std::vector<std::string> sqls;
    for (size_t i = 0; i < kMaxPrepared + 3; ++i) sqls.push_back(fmt::format("SELECT {}", i));
    return sqls;
  }();
  database_ = Make({.max_connections = 1});
  for (int round = 1; round <= 2; ++round) {
    for (size_t i = 0; i < kSqls.size(); ++i) {
      const auto answer = Ask({kSqls[i]});
      ASSERT_TRUE(answer) << answer.error().message;
      ASSERT_EQ(std::get<int64_t>(answer->at(0).at(0).at(0)), static_cast<int64_t>(i));
    }
  }
}

TEST_F(PostgresDatabaseTest, ServesAllWithTheConnectionsItMayHave) {
  database_ = Make({.max_connections = 2});
  std::vector<std::unique_ptr<Running<Answer>>> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(Begin({kInsert}));
  for (const auto& call : calls) EXPECT_TRUE(call->Wait());
  EXPECT_EQ(database_->status().open_connections, 2u);
  EXPECT_EQ(Count(), "100");
}

TEST_F(PostgresDatabaseTest, TakesNextWhatMayNotWaitBehindTheOthers) {
  database_ = Make({.max_connections = 1});
  std::vector<std::unique_ptr<Running<Answer>>> calls;
  for (int i = 0; i < 20; ++i) calls.push_back(Begin({kInsert}));
  std::vector<Statement> count;
  count.push_back(Statement("SELECT count(*) FROM things"));
  const auto first = WaitFor(io_, database_->Transact(std::move(count), Turn::kNext));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(std::get<int64_t>(first->at(0).at(0).at(0)), 0);
  for (const auto& call : calls) EXPECT_TRUE(call->Wait());
}

TEST_F(PostgresDatabaseTest, SaysThatAllConnectionsAreAtWork) {
  database_ = Make({.max_connections = 1, .wait_limit = kShortWait});
  ASSERT_TRUE(Ask({kInsert}));
  const auto sleeper = Begin({"SELECT pg_sleep(60)"});
  AwaitSleeper();
  const auto refused = Ask({kInsert});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, StoreFault::kBusy) << refused.error().message;
  EndSessions();
  EXPECT_FALSE(sleeper->Wait());
  EXPECT_TRUE(Ask({kInsert}));
}

// The text of one error.
std::string Refusal(const Answer& answer) {
  return answer ? "" : answer.error().message;
}

// Where connections are counted.
class PostgresOfFew : public PostgresDatabaseTest {
 protected:
  using Guest = std::unique_ptr<PGconn, decltype(&PQfinish)>;

  // As a role that may have so many at once.
  std::string UrlOfFew(int connections) {
    const std::string schema = PostgresServer::Ask(url_, "SELECT current_schema()");
    const std::string role = "few_in_" + schema;
    PostgresServer::Ask(url_,
                        fmt::format("CREATE ROLE {} LOGIN CONNECTION LIMIT {}", role, connections));
    PostgresServer::Ask(url_, fmt::format("GRANT ALL ON things TO {}", role));
    PostgresServer::Ask(url_, fmt::format("GRANT USAGE ON SCHEMA {} TO {}", schema, role));
    std::string url = url_;
    return url.replace(url.find("postgres@"), std::string_view("postgres").size(), role);
  }
  // They are taken until the answer is gone.
  static std::vector<Guest> Occupy(const std::string& url, int connections) {
    std::vector<Guest> guests;
    for (int i = 0; i < connections; ++i) {
      guests.emplace_back(PQconnectdb(url.c_str()), PQfinish);
      EXPECT_EQ(PQstatus(guests.back().get()), CONNECTION_OK);
    }
    return guests;
  }
};

TEST_F(PostgresOfFew, SaysThatTheServerHasNoConnectionsLeft) {
  const std::string url = UrlOfFew(1);
  database_ = Make({.url = url, .wait_limit = kShortWait});
  {
    const auto guests = Occupy(url, 1);
    const auto refused = Ask({kInsert});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, StoreFault::kUnavailable);
    EXPECT_NE(Refusal(refused).find("too many connections"), std::string::npos) << Refusal(refused);
    EXPECT_FALSE(database_->status().is_up);
  }
  RunUntil(io_, [&] { return Ask({kInsert}).has_value(); });
  EXPECT_TRUE(database_->status().is_up);
}

TEST_F(PostgresOfFew, LeavesAConnectionForEachWhereManyComeBack) {
  constexpr int kConnections = 3;
  const std::string url = UrlOfFew(kConnections);
  std::vector<std::unique_ptr<PostgresDatabase>> instances;
  std::vector<std::unique_ptr<Running<Answer>>> calls;
  {
    const auto guests = Occupy(url, kConnections);
    for (int i = 0; i < kConnections; ++i) {
      instances.push_back(Make(
          {.url = url, .wait_limit = TimeDelta::Seconds(60), .settling = TimeDelta::Seconds(60)}));
      for (int call = 0; call < 20; ++call) {
        calls.push_back(std::make_unique<Running<Answer>>(
            io_, instances.back()->Transact({Statement(kInsert)})));
      }
    }
    RunUntil(io_, [&] {
      return std::ranges::all_of(instances, [](const auto& instance) {
        return instance->status().reason.find("too many connections") != std::string::npos;
      });
    });
  }
  for (const auto& call : calls) EXPECT_TRUE(call->Wait());
  for (const auto& instance : instances) EXPECT_EQ(instance->status().open_connections, 1u);
}

// A server of its own, which crashes.
class PostgresCrash : public testing::Test {
 protected:
  void SetUp() override {
    std::string why_not;
    server_ = PostgresServer::Start(why_not);
    if (!server_) GTEST_SKIP() << why_not;
    url_ = server_->MakeDatabase();
    store_ = std::make_unique<Store>(
        std::move(*PostgresDatabase::Make(io_, {.url = url_, .wait_limit = kShortWait})));
    ASSERT_TRUE(WaitFor(io_, store_->Prepare(kNowUs)));
  }
  void TearDown() override {
    store_.reset();
    io_.restart();
    io_.poll();
  }
  static NewMessage Message(int number) {
    return {.room = "garden",
            .sender = "ann",
            .client_id = std::to_string(number),
            .body = "Hello",
            .sent_at_us = kNowUs};
  }
  // As a client does: again and again, until it is acknowledged.
  asio::awaitable<bool> Insist(int number) {
    while (true) {
      NewMessage message = Message(number);
      const auto added = co_await store_->messages().Add(std::move(message));
      if (added) co_return true;
      ++refused_[static_cast<size_t>(added.error().fault)];
    }
  }

  asio::io_context io_;
  std::unique_ptr<PostgresServer> server_;
  std::string url_;
  std::unique_ptr<Store> store_;
  std::array<int, 6> refused_{};  // by StoreFault
};

TEST_F(PostgresCrash, StoresEveryMessageOnceThroughCrashesOfTheServer) {
  constexpr int kMessages = 400;
  std::vector<std::unique_ptr<Running<bool>>> calls;
  size_t begun = 0;
  for (int crash = 1; crash <= 3; ++crash) {
    for (int i = 0; i < kMessages / 4; ++i) {
      calls.push_back(std::make_unique<Running<bool>>(io_, Insist(static_cast<int>(begun++))));
    }
    // In the midst of them.
    RunUntil(io_, [&] { return calls[begun - 70]->is_done(); });
    server_->Crash();
    RunUntil(io_, [&] { return refused_[0] + refused_[1] >= crash; });
    server_->StartAgain();
  }
  while (begun < kMessages) {
    calls.push_back(std::make_unique<Running<bool>>(io_, Insist(static_cast<int>(begun++))));
  }
  for (const auto& call : calls) EXPECT_TRUE(call->Wait());
  EXPECT_EQ(PostgresServer::Ask(url_, "SELECT count(*) FROM messages"), std::to_string(kMessages));
  EXPECT_EQ(PostgresServer::Ask(url_, "SELECT max(seq) FROM messages"), std::to_string(kMessages));
  EXPECT_EQ(PostgresServer::Ask(url_, "SELECT count(DISTINCT client_id) FROM messages"),
            std::to_string(kMessages));
  EXPECT_EQ(refused_[static_cast<size_t>(StoreFault::kBroken)], 0);
  EXPECT_EQ(refused_[static_cast<size_t>(StoreFault::kRefused)], 0);
}

TEST_F(PostgresCrash, RefusesWhileTheServerIsGoneAndGoesOnWhenItIsBack) {
  server_->Crash();
  const auto refused = WaitFor(io_, store_->rooms().Find("garden"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, StoreFault::kUnavailable) << refused.error().message;
  EXPECT_FALSE(store_->status().is_up);
  EXPECT_LE(store_->status().open_connections, 1u);
  server_->StartAgain();
  RunUntil(io_, [&] { return WaitFor(io_, store_->rooms().Find("garden")).has_value(); });
  EXPECT_TRUE(store_->status().is_up);
}

}  // namespace
}  // namespace confab::store
