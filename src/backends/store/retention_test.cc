#include "backends/store/retention.h"

#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

class RetentionTest : public StoreTest {
 protected:
  Retention::Outcome Run(int64_t now_us, RetentionRules rules = {}) {
    return Done(store_->retention().Run(rules, now_us));
  }
  void AddMessage(std::string client_id, int64_t sent_at_us) {
    NewMessage message{.room = "garden",
                       .sender = "ann",
                       .client_id = std::move(client_id),
                       .body = "Hello",
                       .sent_at_us = sent_at_us};
    Done(store_->messages().Add(std::move(message)));
  }
  size_t Messages() {
    MessageStore::HistoryPage page{.room = "garden", .viewer = "ann", .max_rows = 1000};
    return Done(store_->messages().History(std::move(page))).size();
  }
  void StartSession(std::string id, int64_t at_us) {
    SessionRow session{.id = std::move(id),
                       .room = "garden",
                       .participant = "p",
                       .signaling_instance = "s",
                       .started_at_us = at_us};
    Do(store_->sessions().Start(std::move(session)));
  }
  bool HasSession(std::string id) {
    return Done(store_->sessions().Find(std::move(id))).has_value();
  }
};

TEST_P(RetentionTest, DeletesMessagesThatAreOlderThanTheRule) {
  AddMessage("old", kNowUs - 1);
  AddMessage("new", kNowUs);
  EXPECT_EQ(Run(kNowUs + 30 * kDayUs).deleted, 1);
  EXPECT_EQ(Messages(), 1u);
  EXPECT_EQ(Run(kNowUs + 30 * kDayUs).deleted, 0);
}

TEST_P(RetentionTest, GoesOnNumberingAfterTheMessagesAreGone) {
  AddMessage("a", kNowUs);
  Run(kNowUs + 31 * kDayUs);
  ASSERT_EQ(Messages(), 0u);
  NewMessage next{.room = "garden",
                  .sender = "ann",
                  .client_id = "b",
                  .body = "Hello",
                  .sent_at_us = kNowUs + 31 * kDayUs};
  EXPECT_EQ(Done(store_->messages().Add(std::move(next))).seq, 2);
}

TEST_P(RetentionTest, KeepsMessagesAtLeastAsLongAsTheyMayBeRepeated) {
  AddMessage("a", kNowUs);
  const RetentionRules nothing{.messages = TimeDelta()};
  EXPECT_EQ(Run(kNowUs + kMinKept.us(), nothing).deleted, 0);
  EXPECT_EQ(Run(kNowUs + kMinKept.us() + 1, nothing).deleted, 1);
}

TEST_P(RetentionTest, DeletesSessionsAfterTheirEnd) {
  StartSession("ended", kNowUs - 200 * kDayUs);
  StartSession("open", kNowUs - kDayUs);
  StartSession("abandoned", kNowUs - 60 * kDayUs);
  const SessionStore::End end{.reason = "left", .at_us = kNowUs, .signaling_instance = "s"};
  Done(store_->sessions().Finish("ended", end));
  Run(kNowUs + 90 * kDayUs);
  EXPECT_TRUE(HasSession("ended"));
  EXPECT_TRUE(HasSession("open"));
  EXPECT_FALSE(HasSession("abandoned"));
  Run(kNowUs + 90 * kDayUs + 1);
  EXPECT_FALSE(HasSession("ended"));
}

TEST_P(RetentionTest, ForgetsTokensAnHourAfterTheirExpiry) {
  UsedTokenStore::Use use{.token_id = "token", .use_id = "one", .expires_at_us = kNowUs};
  Done(store_->used_tokens().Take(use));
  RevocationRow revocation{.subject = "identity:x", .expires_at_us = kNowUs};
  Do(store_->revocations().Revoke(std::move(revocation)));
  EXPECT_EQ(Run(kNowUs + kExpiredKept.us()).deleted, 0);
  use.use_id = "two";
  EXPECT_EQ(Done(store_->used_tokens().Take(use)), UsedTokenStore::Outcome::kAgain);
  EXPECT_EQ(Run(kNowUs + kExpiredKept.us() + 1).deleted, 2);
  EXPECT_EQ(Done(store_->used_tokens().Take(use)), UsedTokenStore::Outcome::kFirst);
}

TEST_P(RetentionTest, DeletesReleasedPlacementsAndNoHeldOnes) {
  for (const char* room : {"held", "released"}) {
    PlacementStore::Claim claim{.room = room, .media_instance = "media-1"};
    Done(store_->placements().Take(std::move(claim)));
  }
  PlacementStore::Lease lease{.room = "released", .epoch = 1};
  Do(store_->placements().Release(std::move(lease), kNowUs));
  EXPECT_EQ(Run(kNowUs + kReleasedKept.us()).deleted, 0);
  EXPECT_EQ(Run(kNowUs + 1000 * kDayUs).deleted, 1);
  EXPECT_TRUE(Done(store_->placements().Find("held")));
}

TEST_P(RetentionTest, DeletesInBatchesAndSaysWhenThereIsMore) {
  const auto database = backend_->Open();
  constexpr int64_t kRows = Retention::kBatchRows * Retention::kMaxBatches + 7;
  Done(database->Run(Statement(
      "INSERT INTO audit (id, at_us, actor, action, room, target, detail) "
      "WITH RECURSIVE counting (n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM "
      "counting WHERE n < $1) SELECT CAST(n AS text), n, 'a', 'b', '', '', '' FROM counting",
      {kRows})));
  const auto first = Run(kNowUs);
  EXPECT_EQ(first.deleted, kRows - 7);
  EXPECT_FALSE(first.is_complete);
  const auto second = Run(kNowUs);
  EXPECT_EQ(second.deleted, 7);
  EXPECT_TRUE(second.is_complete);
}

INSTANTIATE_TEST_SUITE_P(All, RetentionTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
