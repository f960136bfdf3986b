// With 10,000 rooms no query of a repository reads a whole table.

#include <array>
#include <deque>

#include "backends/store/testing/life_of_a_room.h"
#include "backends/store/testing/recording_database.h"
#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

constexpr int64_t kRooms = 10'000;

// $1: how many rows; $2: the time now. Of each table a few rows are too old to be kept.
#define COUNTING                                                                          \
  "WITH RECURSIVE counting (n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM " \
  "counting WHERE n < $1) "
constexpr std::array<std::string_view, 8> kFill = {
    "INSERT INTO rooms (room, settings, version, created_at_us, changed_at_us) " COUNTING
    "SELECT 'room-' || n, '{}', 1, $2, $2 FROM counting",
    "INSERT INTO placements (room, media_instance, region, epoch, renewals, "
    "released_at_us) " COUNTING
    "SELECT 'room-' || n, CASE WHEN n % 100 = 0 THEN '' ELSE 'media-' || (n % 20) END, '', 1, n, "
    "CASE WHEN n % 100 = 0 THEN $2 - n * 86400000 ELSE 0 END FROM counting",
    "INSERT INTO sessions (id, room, participant, identity, name, signaling_instance, "
    "started_at_us, ended_at_us, end_reason) " COUNTING
    "SELECT 'session-' || n, 'room-' || (n % 1000), 'p', '', '', 'signaling-' || (n % 20), "
    "$2 - n * 800000000, CASE WHEN n % 10 = 0 THEN 0 ELSE $2 - n * 800000000 END, '' "
    "FROM counting",
    "INSERT INTO messages (room, seq, sender, client_id, recipient, body, sent_at_us) " COUNTING
    "SELECT 'room-' || (n % 1000), n, 'p' || (n % 7), CAST(n AS text), "
    "CASE WHEN n % 3 = 0 THEN 'p' || (n % 5) ELSE '' END, 'Hello', $2 - n * 265000000 "
    "FROM counting",
    "INSERT INTO message_sequences (room, last, used_on_us) " COUNTING
    "SELECT 'room-' || n, 10, $2 - n * 530000000 FROM counting",
    "INSERT INTO api_keys (id, secret, scopes, room, created_at_us) " COUNTING
    "SELECT 'key-' || n, 's', '', '', $2 FROM counting",
    "INSERT INTO audit (id, at_us, actor, action, room, target, detail) " COUNTING
    "SELECT 'entry-' || n, $2 - n * 3200000000, 'a', 'b', 'room-' || (n % 1000), '', '' "
    "FROM counting",
    "INSERT INTO revocations (subject, expires_at_us) " COUNTING
    "SELECT 'subject-' || n, $2 - 3700000000 + n * 1000000 FROM counting"};
constexpr std::string_view kFillTokens =
    "INSERT INTO used_tokens (token_id, use_id, expires_at_us) " COUNTING
    "SELECT 'token-' || n, 'u', $2 - 3700000000 + n * 1000000 FROM counting";
#undef COUNTING

class QueryPlan : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    database_ = backend_->Open();
    for (const std::string_view sql : kFill) Fill(sql);
    Fill(kFillTokens);
    Done(database_->Run(Statement("ANALYZE")));
  }
  void TearDown() override {
    database_.reset();
    StoreTest::TearDown();
  }
  void Fill(std::string_view sql) { Done(database_->Run(Statement(sql, {kRooms, kNowUs}))); }
  bool is_sqlite() const { return std::string_view(GetParam().name) == "Sqlite"; }

  // The lines of the plan, as the database words them.
  std::vector<std::string> PlanOf(const std::string& sql, const std::vector<Value>& parameters) {
    const char* explain = is_sqlite() ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
    explained_.push_back(explain + sql);
    std::vector<std::string> lines;
    for (const Row& row : Done(database_->Run(Statement(explained_.back(), parameters)))) {
      lines.push_back(std::get<std::string>(row.back()));
    }
    return lines;
  }
  static bool IsTable(std::string_view name) {
    constexpr std::array kTables = {"rooms",    "placements",        "sessions",
                                    "messages", "message_sequences", "api_keys",
                                    "audit",    "revocations",       "used_tokens"};
    return std::ranges::find(kTables, name) != kTables.end();
  }
  // "Seq Scan on rooms  (cost=…"; "SCAN rooms", but not "SCAN rooms USING INDEX …" in its order.
  bool ReadsAWholeTable(std::string_view line) const {
    if (!is_sqlite()) return line.find("Seq Scan on") != std::string_view::npos;
    constexpr std::string_view kScan = "SCAN ";
    return line.starts_with(kScan) && IsTable(line.substr(kScan.size()));
  }

  std::unique_ptr<Database> database_;
  std::deque<std::string> explained_;  // as long as the database: it prepares by their text
};

TEST_P(QueryPlan, ReadsNoWholeTable) {
  RecordingDatabase::Seen seen;
  {
    Store store(std::make_unique<RecordingDatabase>(backend_->Open(), seen));
    ASSERT_EQ(LifeOfARoom(io_, store, "told-", kNowUs).Live(), "");
  }
  EXPECT_GT(seen.size(), 40u);
  for (const auto& [sql, parameters] : seen) {
    const auto plan = PlanOf(sql, parameters);
    // SQLite has no plan for rows that are put in as they are.
    EXPECT_TRUE(!plan.empty() || sql.starts_with("INSERT")) << sql;
    for (const std::string& line : plan) {
      EXPECT_FALSE(ReadsAWholeTable(line)) << sql << "\n" << line;
    }
  }
}

TEST_P(QueryPlan, ShowsAWholeTableWhereOneIsRead) {
  bool is_noticed = false;
  for (const std::string& line : PlanOf("SELECT room FROM rooms WHERE settings = 'x'", {})) {
    is_noticed = is_noticed || ReadsAWholeTable(line);
  }
  EXPECT_TRUE(is_noticed);
}

INSTANTIATE_TEST_SUITE_P(All, QueryPlan, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
