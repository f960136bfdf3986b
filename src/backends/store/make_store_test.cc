#include "backends/store/make_store.h"

#include <sys/stat.h>

#include "backends/store/testing/store_test.h"
#include "backends/store/testing/temp_folder.h"

namespace confab::store {
namespace {

class MakeStoreTest : public StoreTest {};

TEST_P(MakeStoreTest, ChoosesByTheUrl) {
  auto made = MakeStore(io_, {.url = backend_->url()});
  ASSERT_TRUE(made) << made.error().message;
  Do((*made)->Prepare(kNowUs));
  Done(store_->rooms().Create("garden", "", kNowUs));
  EXPECT_TRUE(Done((*made)->rooms().Find("garden")));
  EXPECT_TRUE((*made)->status().is_up);
}

INSTANTIATE_TEST_SUITE_P(All, MakeStoreTest, kDatabases, kDatabaseName);

std::string FaultOf(const std::string& url, size_t max_connections = 8) {
  asio::io_context io;
  const auto made = MakeStore(io, {.url = url, .max_connections = max_connections});
  if (made) return "";
  EXPECT_EQ(made.error().code, ErrorCode::kInvalidConfiguration);
  return made.error().message;
}

TEST(MakeStore, RefusesUrlsThatAreNone) {
  for (const char* url : {"", "sqlite:", "sqlite://host/file", "sqlite::memory:", "mysql://host/db",
                          "postgresql://host%/db", "postgresql://host/db?nothing=1"}) {
    EXPECT_NE(FaultOf(url), "") << url;
  }
  EXPECT_NE(FaultOf("postgresql://host/db", 0), "");
  EXPECT_NE(FaultOf("postgresql://host/db", kMaxConnections + 1), "");
}

TEST(MakeStore, NeverShowsAPassword) {
  const std::string message = FaultOf("postgresql://someone:hunter2@host/db?nothing=1");
  EXPECT_NE(message, "");
  EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
}

TEST(MakeStore, AsksNothingOfPostgresYet) {
  asio::io_context io;
  const auto made = MakeStore(io, {.url = "postgresql://127.0.0.1:1/db"});
  ASSERT_TRUE(made);
  EXPECT_FALSE((*made)->status().is_up);
}

TEST(MakeStore, NamesTheFileThatCannotBeUsed) {
  const TempFolder folder;
  EXPECT_NE(FaultOf("sqlite:" + (folder.path() / "missing/confab.db").string()), "");
  EXPECT_NE(FaultOf("sqlite:" + folder.path().string()).find(folder.path().string()),
            std::string::npos);
}

TEST(MakeStore, MakesFilesThatOnlyTheirOwnerReads) {
  const TempFolder folder;
  const auto file = folder.path() / "confab.db";
  asio::io_context io;
  auto made = MakeStore(io, {.url = "sqlite:" + file.string()});
  ASSERT_TRUE(made);
  ASSERT_TRUE(WaitFor(io, (*made)->Prepare(kNowUs)));
  for (const char* end : {"", "-wal", "-shm"}) {
    struct stat status{};
    ASSERT_EQ(stat((file.string() + end).c_str(), &status), 0) << end;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << end;
  }
}

}  // namespace
}  // namespace confab::store
