#include "backends/bus/room_outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/bus/limits.h"
#include "backends/bus/testing/ledgers_under_test.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;

class RoomOutboxTest : public testing::Test {
 protected:
  std::shared_ptr<PendingChange> Add(RoomChange change,
                                     Patience patience = Patience::kUntilDeadline) {
    auto pending = std::make_shared<PendingChange>(io_.get_executor(), std::move(change), patience);
    outbox_.Add(pending);
    return pending;
  }
  std::shared_ptr<PendingChange> AddSet(std::string key, std::string value) {
    RoomChange change;
    change.set.push_back({.key = std::move(key), .value = std::move(value)});
    return Add(std::move(change));
  }
  Draft Next() { return outbox_.Next(number_).value_or(Draft{.event = "nothing"}); }
  void Answer(const Draft& draft, Verdict verdict = Verdict::kDone) {
    Written written{.verdict = verdict, .life = life_, .sequence = ++sequence_};
    outbox_.Take(draft, written, now_);
  }
  void Fail(const Draft& draft, ErrorCode code) {
    outbox_.Take(draft, std::unexpected(Error{code, "no"}), now_);
  }
  // Writes all there is, and says the numbers.
  std::vector<uint64_t> WriteAll() {
    std::vector<uint64_t> numbers;
    while (const auto draft = outbox_.Next(number_)) {
      numbers.push_back(draft->number);
      Answer(*draft);
    }
    return numbers;
  }

  asio::io_context io_;
  InstanceName self_ = NameOf("self");
  RoomOutbox outbox_{self_};
  uint64_t number_ = 0;
  uint64_t sequence_ = 100;
  std::string life_ = "life";
  Timestamp now_ = Timestamp::Millis(1000);
};

TEST_F(RoomOutboxTest, WritesInTheOrderOfTheCallsAndLinksTheNumbers) {
  const auto first = AddSet("a", "1");
  const auto second = AddSet("b", "2");
  const Draft one = Next();
  Answer(one);
  const Draft two = Next();
  Answer(two);
  EXPECT_EQ(one.number, 1u);
  EXPECT_EQ(one.previous, 0u);
  EXPECT_EQ(two.number, 2u);
  EXPECT_EQ(two.previous, 1u);
  EXPECT_EQ(two.expected_life, "life");
  EXPECT_EQ(first->result.value(), 101u);
  EXPECT_EQ(second->result.value(), 102u);
  EXPECT_TRUE(outbox_.is_idle());
}

TEST_F(RoomOutboxTest, WritesTheSameWithTheSameNumberUntilThereIsAnAnswer) {
  const auto pending = AddSet("a", "1");
  Fail(Next(), ErrorCode::kUnavailable);
  EXPECT_FALSE(pending->settled.is_set());
  EXPECT_EQ(Next().number, 1u);
}

TEST_F(RoomOutboxTest, KeepsWhatMustBeKeptWhenRedisIsFull) {
  const auto kept = Add({.event = "e"}, Patience::kKeep);
  Fail(Next(), ErrorCode::kLimitExceeded);
  EXPECT_FALSE(kept->settled.is_set());
  Answer(Next());
  const auto refused = Add({.event = "e"});
  Fail(Next(), ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused->result.error().code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(outbox_.is_idle());
}

TEST_F(RoomOutboxTest, SaysAfterAWipeFirstWhatItDidAndThenWhatItHas) {
  AddSet("a", "1");
  AddSet("b", "2");
  WriteAll();
  outbox_.Restate();
  life_ = "another";
  EXPECT_THAT(WriteAll(), ElementsAre(1, 2, 3));
}

TEST_F(RoomOutboxTest, SaysAgainWhatItDidWithTheValuesOfNow) {
  RoomChange first;
  first.set.push_back({.key = "a", .value = "old"});
  first.event = "came";
  (void)Add(std::move(first));
  (void)AddSet("a", "newer");
  (void)AddSet("b", "acknowledged");
  WriteAll();
  RoomChange kept;
  kept.set.push_back({.key = "a", .value = "newest"});
  (void)Add(std::move(kept), Patience::kKeep);
  (void)AddSet("b", "perhaps");
  outbox_.Restate();
  const Draft again = Next();
  EXPECT_EQ(again.event, "came");
  ASSERT_EQ(again.set.size(), 1u);
  EXPECT_EQ(again.set[0].value, "newest") << "somebody may take it for the truth now";
  EXPECT_EQ(again.set[0].sequence, 101u);
  Answer(again);
  Answer(Next());
  EXPECT_EQ(Next().set[0].value, "acknowledged") << "the other may still be refused";
  Answer(Next());
  const Draft all = Next();
  EXPECT_EQ(all.kind, EntryKind::kRestated);
  ASSERT_EQ(all.set.size(), 2u);
  EXPECT_EQ(all.set[0].value, "newest");
}

TEST_F(RoomOutboxTest, RestatesAllItsFields) {
  AddSet("a", "1");
  AddSet("b", "2");
  Add({.remove = {"a"}});
  WriteAll();
  outbox_.Prune(Timestamp::Never());
  outbox_.Restate();
  const Draft restated = Next();
  EXPECT_EQ(restated.kind, EntryKind::kRestated);
  EXPECT_EQ(restated.previous, 3u);
  ASSERT_EQ(restated.set.size(), 1u);
  EXPECT_EQ(restated.set[0].key, "b");
  EXPECT_EQ(restated.set[0].sequence, 102u);
  EXPECT_EQ(restated.floor, 103u);
}

TEST_F(RoomOutboxTest, DoesNotCountARestatementAsSomethingToHaveSeen) {
  AddSet("a", "1");
  WriteAll();
  outbox_.Restate();
  WriteAll();
  AddSet("b", "2");
  EXPECT_EQ(Next().previous, 1u);
}

TEST_F(RoomOutboxTest, SaysAllAgainWhenTheRoomHasAnotherLife) {
  AddSet("a", "1");
  WriteAll();
  AddSet("b", "2");
  const Draft second = Next();
  Answer(second, Verdict::kOtherLife);
  life_ = "another";
  EXPECT_THAT(WriteAll(), ElementsAre(1, 2, 3));
}

TEST_F(RoomOutboxTest, BeginsAgainWhenItIsWipedWhileItSpeaks) {
  AddSet("a", "1");
  AddSet("b", "2");
  WriteAll();
  outbox_.Restate();
  life_ = "another";
  Answer(Next());
  const Draft second = Next();
  EXPECT_EQ(second.expected_life, "another");
  life_ = "a third";
  Answer(second, Verdict::kOtherLife);
  EXPECT_THAT(WriteAll(), ElementsAre(1, 2, 3));
}

TEST_F(RoomOutboxTest, KeepsTheNumberOfWhatIsUnderWayThroughAWipe) {
  AddSet("a", "1");
  WriteAll();
  const auto pending = AddSet("b", "2");
  const Draft under_way = Next();
  outbox_.Restate();
  Answer(under_way);
  EXPECT_TRUE(pending->settled.is_set());
  life_ = "another";
  EXPECT_THAT(WriteAll(), ElementsAre(1, 2, 3));
}

TEST_F(RoomOutboxTest, UndoesWhatWasRefusedWhileUnderWay) {
  AddSet("a", "1");
  WriteAll();
  const auto pending = AddSet("b", "2");
  const Draft under_way = Next();
  EXPECT_FALSE(outbox_.Withdraw(*pending));
  pending->is_abandoned = true;
  Answer(under_way);
  const Draft undone = Next();
  EXPECT_EQ(undone.kind, EntryKind::kRestated);
  ASSERT_EQ(undone.set.size(), 1u);
  EXPECT_EQ(undone.set[0].key, "a");
}

TEST_F(RoomOutboxTest, NeverWritesAgainWhatWasRefused) {
  const auto pending = AddSet("b", "2");
  Fail(Next(), ErrorCode::kUnavailable);
  pending->is_abandoned = true;
  const Draft next = Next();
  EXPECT_EQ(next.kind, EntryKind::kRestated);
  EXPECT_EQ(next.number, 2u);
  EXPECT_TRUE(next.set.empty());
}

TEST_F(RoomOutboxTest, TakesBackWhatWasNotWrittenYet) {
  AddSet("a", "1");
  const auto second = AddSet("b", "2");
  Next();
  EXPECT_TRUE(outbox_.Withdraw(*second));
}

TEST_F(RoomOutboxTest, GivesUpFieldsThatOthersTookOver) {
  AddSet("a", "1");
  WriteAll();
  LogEntry entry{.sequence = 200, .origin = NameOf("other"), .number = 1};
  entry.set.push_back({.key = "a", .value = "theirs"});
  outbox_.Learn(entry);
  EXPECT_FALSE(outbox_.has_fields());
}

TEST_F(RoomOutboxTest, KeepsFieldsThatItTookOverLater) {
  AddSet("a", "1");
  WriteAll();
  LogEntry entry{.sequence = 50, .origin = NameOf("other"), .number = 1};
  entry.set.push_back({.key = "a", .value = "theirs"});
  outbox_.Learn(entry);
  EXPECT_TRUE(outbox_.has_fields());
}

TEST_F(RoomOutboxTest, KeepsFieldsThatAnotherOneHadBeforeAndSaysAgain) {
  AddSet("a", "1");
  WriteAll();
  LogEntry entry{.sequence = 9000, .origin = NameOf("other"), .number = 1, .first_sequence = 50};
  entry.set.push_back({.key = "a", .value = "theirs"});
  outbox_.Learn(entry);
  EXPECT_TRUE(outbox_.has_fields());
  entry.first_sequence = 200;
  outbox_.Learn(entry);
  EXPECT_FALSE(outbox_.has_fields());
}

TEST_F(RoomOutboxTest, SaysAgainWhatItHasWithWhenItWasSetAndNothingOfOthers) {
  AddSet("a", "1");
  AddSet("b", "2");
  WriteAll();
  LogEntry entry{.sequence = 200, .origin = NameOf("other"), .number = 1};
  entry.set.push_back({.key = "a", .value = "theirs"});
  outbox_.Learn(entry);
  outbox_.Restate();
  const Draft first = Next();
  EXPECT_TRUE(first.set.empty());
  Answer(first);
  const Draft second = Next();
  ASSERT_EQ(second.set.size(), 1u);
  EXPECT_EQ(second.set[0].key, "b");
  EXPECT_EQ(second.set[0].sequence, 102u);
}

TEST_F(RoomOutboxTest, SaysAllAgainWhenItWasTakenForGone) {
  AddSet("a", "1");
  WriteAll();
  outbox_.Learn(LogEntry{.kind = EntryKind::kGone, .origin = self_});
  EXPECT_FALSE(outbox_.is_idle());
}

TEST_F(RoomOutboxTest, SaysAllAgainWhenASnapshotLacksAField) {
  AddSet("a", "1");
  WriteAll();
  RoomState state;
  state.fields.push_back({.key = "a", .value = "1", .owner = self_, .sequence = 101});
  outbox_.Learn(state);
  EXPECT_TRUE(outbox_.is_idle());
  outbox_.Learn(RoomState());
  EXPECT_FALSE(outbox_.is_idle());
}

TEST_F(RoomOutboxTest, IsForgottenOnlyWhenNothingIsLeftAndTimeHasPassed) {
  AddSet("a", "1");
  WriteAll();
  EXPECT_FALSE(outbox_.is_forgettable(Timestamp::Never()));
  Add({.remove = {"a"}});
  WriteAll();
  outbox_.Prune(Timestamp::Never());
  EXPECT_FALSE(outbox_.is_forgettable(now_));
  EXPECT_TRUE(outbox_.is_forgettable(now_ + TimeDelta::Millis(1)));
}

TEST_F(RoomOutboxTest, RemembersOnlySoManyChanges) {
  for (size_t i = 0; i < kMaxRecentPerRoom + 5; ++i) AddSet("a", "1");
  WriteAll();
  outbox_.Restate();
  EXPECT_EQ(WriteAll().size(), kMaxRecentPerRoom + 1);
}

TEST_F(RoomOutboxTest, SaysNothingAgainWhereNothingWasEverDone) {
  outbox_.Restate();
  EXPECT_TRUE(outbox_.is_idle());
}

}  // namespace
}  // namespace confab::bus
