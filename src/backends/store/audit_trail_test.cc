#include "backends/store/audit_trail.h"

#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

class AuditTrailTest : public StoreTest {
 protected:
  AuditTrail& audit() { return store_->audit(); }
  static AuditEntry Entry(std::string id, int64_t at_us = kNowUs, std::string room = "garden") {
    return {.id = std::move(id),
            .at_us = at_us,
            .actor = "moderator@example.org",
            .action = "participant.remove",
            .room = std::move(room),
            .target = "participant",
            .detail = "{}"};
  }
  static std::string Ids(const std::vector<AuditEntry>& entries) {
    std::string ids;
    for (const AuditEntry& entry : entries) ids += entry.id;
    return ids;
  }
};

TEST_P(AuditTrailTest, KeepsTheFirstOfOneId) {
  Do(audit().Add(Entry("a")));
  Do(audit().Add(Entry("a", kNowUs + 1, "cellar")));
  EXPECT_EQ(Done(audit().Page({}, 10)), std::vector<AuditEntry>{Entry("a")});
}

TEST_P(AuditTrailTest, PagesNewestFirst) {
  for (const char* id : {"a", "c", "b"}) Do(audit().Add(Entry(id)));
  Do(audit().Add(Entry("0", kNowUs + 1)));
  EXPECT_EQ(Ids(Done(audit().Page({}, 2))), "0c");
  AuditTrail::Before before{.at_us = kNowUs, .id = "c"};
  EXPECT_EQ(Ids(Done(audit().Page(std::move(before), 10))), "ba");
}

TEST_P(AuditTrailTest, PagesOneRoom) {
  for (const char* id : {"a", "b", "c"}) Do(audit().Add(Entry(id)));
  Do(audit().Add(Entry("x", kNowUs, "cellar")));
  EXPECT_EQ(Ids(Done(audit().OfRoom("garden", {}, 2))), "cb");
  AuditTrail::Before before{.at_us = kNowUs, .id = "b"};
  EXPECT_EQ(Ids(Done(audit().OfRoom("garden", std::move(before), 2))), "a");
  EXPECT_EQ(Ids(Done(audit().OfRoom("cellar", {}, 2))), "x");
}

TEST_P(AuditTrailTest, RefusesAnEntryOfNobody) {
  AuditEntry entry = Entry("a");
  entry.actor.clear();
  EXPECT_EQ(FaultOf(audit().Add(std::move(entry))), StoreFault::kRefused);
}

INSTANTIATE_TEST_SUITE_P(All, AuditTrailTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
