#include "backends/store/sqlite/sqlite_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/mount.h>

#include <fstream>

#include "backends/store/store.h"
#include "backends/store/testing/store_test.h"
#include "backends/store/testing/temp_folder.h"
#include "backends/store/testing/wait_for.h"

namespace confab::store {
namespace {

class SqliteDatabaseTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteDatabase> Open(SqliteOptions options) {
    auto database = SqliteDatabase::Open(io_, options);
    EXPECT_TRUE(database) << database.error().message;
    return std::move(*database);
  }
  StoreResult<MessageRow> Add(Store& store, int number, size_t size) {
    NewMessage message{.room = "garden",
                       .sender = "ann",
                       .client_id = std::to_string(number),
                       .body = std::string(size, 'x'),
                       .sent_at_us = kNowUs};
    return WaitFor(io_, store.messages().Add(std::move(message)));
  }
  // Writes until it fails; how many messages were acknowledged. The fault is kFull.
  int FillUp(Store& store) {
    for (int number = 1; number < 10'000; ++number) {
      const auto added = Add(store, number, 16'000);
      if (added) continue;
      EXPECT_EQ(added.error().fault, StoreFault::kFull) << added.error().message;
      return number - 1;
    }
    ADD_FAILURE() << "it never became full";
    return 0;
  }
  size_t Stored(Store& store, int64_t newest) {
    size_t count = 0;
    for (int64_t before = newest + 1; before > 1;) {
      MessageStore::HistoryPage page{
          .room = "garden", .viewer = "ann", .before_seq = before, .max_rows = 200};
      const auto rows = WaitFor(io_, store.messages().History(std::move(page)));
      if (!rows || rows->empty()) break;
      count += rows->size();
      before = rows->back().seq;
    }
    return count;
  }

  asio::io_context io_;
  TempFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "confab.db";
};

TEST_F(SqliteDatabaseTest, SyncsEveryCommitToItsLog) {
  const auto database = Open({.file = file_});
  const auto ask = [&](std::string_view sql) {
    return WaitFor(io_, database->Run(Statement(sql)))->front().front();
  };
  EXPECT_EQ(ask("SELECT synchronous FROM pragma_synchronous"), Value(int64_t{2}));
  EXPECT_EQ(ask("SELECT journal_mode FROM pragma_journal_mode"), Value(std::string("wal")));
}

TEST_F(SqliteDatabaseTest, SaysThatItIsFullAndLosesNothing) {
  Store store(Open({.file = file_, .max_bytes = 1'000'000}));
  ASSERT_TRUE(WaitFor(io_, store.Prepare(kNowUs)));
  const int acknowledged = FillUp(store);
  EXPECT_GT(acknowledged, 20);
  EXPECT_FALSE(store.status().is_up);
  EXPECT_NE(store.status().reason.find("free room"), std::string::npos) << store.status().reason;
  EXPECT_EQ(Stored(store, acknowledged), static_cast<size_t>(acknowledged));
  EXPECT_TRUE(store.status().is_up);
}

TEST_F(SqliteDatabaseTest, GoesOnWhenAFullDiskHasRoomAgain) {
  if (mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=3m") != 0) {
    GTEST_SKIP() << "making a small disk takes root";
  }
  const auto filler = folder_.path() / "filler";
  std::ofstream(filler) << std::string(1'000'000, 'x');
  {
    Store store(Open({.file = file_}));
    ASSERT_TRUE(WaitFor(io_, store.Prepare(kNowUs)));
    const int acknowledged = FillUp(store);
    EXPECT_GT(acknowledged, 20);
    std::filesystem::remove(filler);
    EXPECT_TRUE(Add(store, 10'001, 16'000));
    EXPECT_EQ(Stored(store, acknowledged + 1), static_cast<size_t>(acknowledged + 1));
  }
  EXPECT_EQ(umount(folder_.path().c_str()), 0);
}

TEST_F(SqliteDatabaseTest, SaysThatAnotherProcessHoldsItsLock) {
  const auto database = Open({.file = file_, .lock_wait = TimeDelta::Millis(20)});
  ASSERT_TRUE(WaitFor(io_, database->Run(Statement("CREATE TABLE things (n bigint NOT NULL)"))));
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto refused = WaitFor(io_, database->Run(Statement("INSERT INTO things (n) VALUES (1)")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, StoreFault::kBusy);
  // Who only reads does not wait for who writes.
  EXPECT_TRUE(WaitFor(io_, database->Run(Statement("SELECT n FROM things"))));
  ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_TRUE(WaitFor(io_, database->Run(Statement("INSERT INTO things (n) VALUES (1)"))));
}

TEST_F(SqliteDatabaseTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(file_) << std::string(5000, 'x');
  const auto database = SqliteDatabase::Open(io_, {.file = file_});
  ASSERT_FALSE(database);
  EXPECT_NE(database.error().message.find("restore it from a backup"), std::string::npos)
      << database.error().message;
}

}  // namespace
}  // namespace confab::store
