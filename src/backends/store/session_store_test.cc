#include "backends/store/session_store.h"

#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

using Ended = SessionStore::Ended;

class SessionStoreTest : public StoreTest {
 protected:
  SessionStore& sessions() { return store_->sessions(); }
  static SessionRow Session(std::string id, int64_t started_at_us = kNowUs) {
    return {.id = std::move(id),
            .room = "garden",
            .participant = "participant",
            .identity = "someone@example.org",
            .name = "Someone",
            .signaling_instance = "signaling-1",
            .started_at_us = started_at_us};
  }
  Ended Finish(std::string id, std::string reason, int64_t at_us) {
    SessionStore::End end{
        .reason = std::move(reason), .at_us = at_us, .signaling_instance = "signaling-1"};
    return Done(sessions().Finish(std::move(id), std::move(end)));
  }
};

TEST_P(SessionStoreTest, FindsWhatWasStarted) {
  Do(sessions().Start(Session("a")));
  EXPECT_EQ(Done(sessions().Find("a")), Session("a"));
  EXPECT_EQ(Done(sessions().Find("b")), std::nullopt);
}

TEST_P(SessionStoreTest, KeepsTheFirstOfOneId) {
  Do(sessions().Start(Session("a")));
  Do(sessions().Start(Session("a", kNowUs + 5)));
  EXPECT_EQ(Done(sessions().Find("a")), Session("a"));
}

TEST_P(SessionStoreTest, KeepsTheFirstEnd) {
  Do(sessions().Start(Session("a")));
  EXPECT_EQ(Finish("a", "left", kNowUs + 1), Ended::kEnded);
  EXPECT_EQ(Finish("a", "timeout", kNowUs + 2), Ended::kEnded);
  const auto ended = Done(sessions().Find("a"));
  EXPECT_EQ(ended->end_reason, "left");
  EXPECT_EQ(ended->ended_at_us, kNowUs + 1);
}

TEST_P(SessionStoreTest, SaysThatASessionIsUnknown) {
  EXPECT_EQ(Finish("a", "left", kNowUs), Ended::kUnknown);
}

TEST_P(SessionStoreTest, EndsWhatADeadInstanceHadOpen) {
  for (const char* id : {"a", "b", "c"}) Do(sessions().Start(Session(id)));
  SessionRow others = Session("d");
  others.signaling_instance = "signaling-2";
  Do(sessions().Start(std::move(others)));
  Finish("b", "left", kNowUs + 1);
  const SessionStore::End end{
      .reason = "lost", .at_us = kNowUs + 2, .signaling_instance = "signaling-1"};
  EXPECT_EQ(Done(sessions().FinishAllOf(end)), 2);
  EXPECT_EQ(Done(sessions().FinishAllOf(end)), 0);
  EXPECT_EQ(Done(sessions().Find("a"))->end_reason, "lost");
  EXPECT_EQ(Done(sessions().Find("b"))->end_reason, "left");
  EXPECT_EQ(Done(sessions().Find("d"))->ended_at_us, 0);
}

TEST_P(SessionStoreTest, IsEndedByNobodyButTheInstanceThatKeepsIt) {
  Do(sessions().Start(Session("a")));
  SessionRow taken = Session("a", kNowUs + 1);
  taken.signaling_instance = "signaling-2";
  Do(sessions().TakeOver(taken));
  EXPECT_EQ(Finish("a", "timeout", kNowUs + 2), Ended::kEnded);
  auto row = Done(sessions().Find("a"));
  EXPECT_EQ(row->ended_at_us, 0);
  EXPECT_EQ(row->started_at_us, kNowUs);
  SessionStore::End left{
      .reason = "left", .at_us = kNowUs + 3, .signaling_instance = "signaling-2"};
  Done(sessions().Finish("a", std::move(left)));
  EXPECT_EQ(Done(sessions().Find("a"))->end_reason, "left");
}

TEST_P(SessionStoreTest, GoesOnWhereItIsTakenOver) {
  SessionRow taken = Session("a");
  taken.signaling_instance = "signaling-2";
  Do(sessions().TakeOver(taken));
  // What the one before has not written until now comes too late.
  Do(sessions().Start(Session("a")));
  EXPECT_EQ(Done(sessions().Find("a")), taken);
  Do(sessions().Start(Session("b")));
  Finish("b", "timeout", kNowUs + 1);
  SessionRow other = Session("b");
  other.signaling_instance = "signaling-2";
  Do(sessions().TakeOver(other));
  EXPECT_EQ(Done(sessions().Find("b")), other);
}

TEST_P(SessionStoreTest, PagesARoomNewestFirst) {
  for (const char* id : {"a", "b", "c"}) Do(sessions().Start(Session(id)));
  Do(sessions().Start(Session("early", kNowUs - 1)));
  SessionRow elsewhere = Session("elsewhere");
  elsewhere.room = "cellar";
  Do(sessions().Start(std::move(elsewhere)));

  const auto first = Done(sessions().OfRoom("garden", {}, 2));
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].id, "c");
  EXPECT_EQ(first[1].id, "b");
  SessionStore::Before before{.started_at_us = first[1].started_at_us, .id = first[1].id};
  const auto rest = Done(sessions().OfRoom("garden", std::move(before), 10));
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].id, "a");
  EXPECT_EQ(rest[1].id, "early");
}

TEST_P(SessionStoreTest, RefusesWhatHasNoPlaceOrTime) {
  EXPECT_EQ(FaultOf(sessions().Start(Session(""))), StoreFault::kRefused);
  EXPECT_EQ(FaultOf(sessions().Start(Session("a", 0))), StoreFault::kRefused);
}

INSTANTIATE_TEST_SUITE_P(All, SessionStoreTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
