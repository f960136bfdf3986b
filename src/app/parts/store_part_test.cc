#include "app/parts/store_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "app/parts/last_trouble.h"
#include "backends/bus/testing/loop.h"
#include "backends/store/make_store.h"

namespace confab::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre, testing::HasSubstr;

TEST(LastTrouble, IsNewOnceAndWhenItIsAnotherOne) {
  LastTrouble trouble;
  EXPECT_TRUE(trouble.IsNew("a"));
  EXPECT_FALSE(trouble.IsNew("a"));
  EXPECT_TRUE(trouble.IsNew("b"));
  EXPECT_TRUE(trouble.IsNew("a"));
  trouble.End();
  EXPECT_TRUE(trouble.IsNew("a"));
}

// A process whose database a newer program has made.
class StorePartTest : public testing::Test {
 protected:
  StorePartTest() {
    std::string name = (fs::path(testing::TempDir()) / "confab-store-part-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    config_.store.url = "sqlite:" + (folder_ / "confab.db").string();
    database_ = store::MakeDatabase(io_, {.url = config_.store.url}).value();
  }
  ~StorePartTest() override {
    part_.reset();
    database_.reset();
    bus::Settle(io_);
    fs::remove_all(folder_);
  }

  void Change(std::string_view sql) {
    std::vector<store::Statement> statements;
    statements.push_back(store::Statement(sql));
    EXPECT_TRUE(bus::Await(io_, database_->Transact(std::move(statements)))) << sql;
  }
  void Open() {
    const Environment environment{.io = io_,
                                  .config = config_,
                                  .logger = observe::Logger(writer_, "app", "s1"),
                                  .metrics = metrics_,
                                  .instance_id = "s1"};
    part_ = StorePart::Open(environment).value();
  }
  // About the preparation. Whether the store answers is told apart, once in a while.
  std::vector<std::string> Lines() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> chosen;
    for (const std::string& line : lines_) {
      const bool is_chosen =
          line.find("\"fault\"") != line.npos || line.find("store.ready") != line.npos;
      if (is_chosen) chosen.push_back(line);
    }
    return chosen;
  }
  bool ComesToLines(size_t count) {
    return bus::RunUntil(io_, [&] { return Lines().size() >= count; });
  }

 private:
  fs::path folder_;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;  // guarded by mutex_
  Config config_;
  asio::io_context io_;
  observe::LogWriter writer_{observe::LogWriterOptions{.output = [this](std::string_view text) {
    const std::lock_guard lock(mutex_);
    for (; !text.empty(); text.remove_prefix(text.find('\n') + 1)) {
      lines_.emplace_back(text.substr(0, text.find('\n')));
    }
  }}};
  observe::MetricsRegistry metrics_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<StorePart> part_;
};

TEST_F(StorePartTest, TellsALastingFaultWhenItIsAnotherOneAndThatItIsOver) {
  Change(
      "CREATE TABLE schema_migrations (number bigint NOT NULL PRIMARY KEY, name text NOT NULL, "
      "at_us bigint NOT NULL)");
  Change("INSERT INTO schema_migrations (number, name, at_us) VALUES (9998, 'newer', 0)");
  Open();
  ASSERT_TRUE(ComesToLines(1));
  Change("UPDATE schema_migrations SET number = 9999");
  ASSERT_TRUE(ComesToLines(2));
  Change("DELETE FROM schema_migrations");
  ASSERT_TRUE(ComesToLines(3));
  EXPECT_THAT(Lines(), ElementsAre(HasSubstr("has schema 9998"), HasSubstr("has schema 9999"),
                                   HasSubstr("\"store.ready\"")));
}

}  // namespace
}  // namespace confab::app
