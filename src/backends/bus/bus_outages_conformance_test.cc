// What every Bus does when its store has forgotten, is away or is full (bus.h). Instantiated in
// bus_conformance_test.cc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "backends/bus/testing/bus_conformance.h"
#include "backends/bus/testing/room_view.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST_P(BusConformance, DoesARepetitionOnceAndNothingInAnotherLife) {
  const auto ledger = ListeningLedger();
  Draft draft{.origin = NameOf("origin"), .number = 7, .event = "e"};
  const auto first = Await(io_, ledger->Write("room", draft));
  const auto again = Await(io_, ledger->Write("room", draft));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->verdict, Verdict::kDone);
  EXPECT_EQ(again->verdict, Verdict::kRepeated);
  EXPECT_EQ(again->sequence, first->sequence);
  draft.number = 8;
  draft.expected_life = "another";
  const auto other = Await(io_, ledger->Write("room", draft));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->verdict, Verdict::kOtherLife);
  const auto read = Await(io_, ledger->Read("room", "", 0));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->entries.size(), 1u);
}

// As after a wipe: each says again what it did, with the sequence that it had.
TEST_P(BusConformance, LeavesAFieldToWhoSetItLastWhoeverSaysItAgainFirst) {
  const auto ledger = ListeningLedger();
  const auto said = [](const char* origin, const char* value, uint64_t sequence) {
    Draft draft{.origin = NameOf(origin), .number = 1};
    draft.set.push_back({.key = "a", .value = value, .owner = draft.origin, .sequence = sequence});
    return draft;
  };
  const Draft former = said("former", "old", 5);
  const Draft owner = said("owner", "new", 6);
  for (const bool is_former_first : {true, false}) {
    const std::string room = is_former_first ? "one" : "another";
    ASSERT_TRUE(Await(io_, ledger->Write(room, is_former_first ? former : owner)));
    ASSERT_TRUE(Await(io_, ledger->Write(room, is_former_first ? owner : former)));
    Draft all{.kind = EntryKind::kRestated, .origin = former.origin, .number = 2};
    ASSERT_TRUE(Await(io_, ledger->Write(room, all)));
    const auto state = Await(io_, ledger->Snapshot(room));
    ASSERT_TRUE(state);
    EXPECT_THAT(state->fields, ElementsAre(owner.set[0])) << room;
    const auto read = Await(io_, ledger->Read(room, "", 0));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->entries.at(0).first_sequence, is_former_first ? 5u : 6u);
  }
}

TEST_P(BusConformance, BeginsANewLifeAboveWhatItsWriterKnows) {
  const auto ledger = ListeningLedger();
  const uint64_t far = 8'000'000'000'000'000;
  Draft draft{.origin = NameOf("origin"), .number = 1, .event = "e", .floor = far};
  const auto written = Await(io_, ledger->Write("room", draft));
  ASSERT_TRUE(written);
  EXPECT_EQ(written->sequence, far + 1);
}

TEST_P(BusConformance, SaysAgainWhatItHasWhenItWasTakenForGone) {
  RoomView view(io_, *other_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(SetField(*one_, "a", "1", "joined"));
  ASSERT_TRUE(Until([&] { return view.fields().size() == 1; }));
  const auto ledger = ListeningLedger();
  Draft draft{.kind = EntryKind::kGone, .origin = one_->self()};
  ASSERT_TRUE(Await(io_, ledger->Write("room", draft)));
  ASSERT_TRUE(Until([&] { return view.entries().size() == 3; }));
  EXPECT_EQ(view.entries()[1].kind, EntryKind::kGone);
  EXPECT_EQ(view.entries()[2].kind, EntryKind::kRestated);
  EXPECT_THAT(view.values(), ElementsAre(Pair("a", "1")));
  EXPECT_THAT(view.events(), ElementsAre("joined"));
}

TEST_P(BusConformance, LosesNothingWhenItIsWiped) {
  RoomView view(io_, *other_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(SetField(*one_, "a", "1", "e1"));
  ASSERT_TRUE(SetField(*other_, "b", "2", "e2"));
  const auto before = SetField(*one_, "c", "3", "e3");
  ASSERT_TRUE(before);
  ASSERT_TRUE(Until([&] { return view.events().size() == 3; }));
  ledgers_->Wipe();
  ASSERT_TRUE(Until([&] { return one_->status().wipes == 1 && other_->status().wipes == 1; }));
  ASSERT_TRUE(Until([&] { return Snapshot(*one_).fields.size() == 3; }));
  const auto after = SetField(*one_, "d", "4", "e4");
  ASSERT_TRUE(after);
  EXPECT_GT(*after, *before);
  ASSERT_TRUE(Until([&] { return view.events().size() >= 4; }));
  EXPECT_THAT(view.events(), ElementsAre("e1", "e2", "e3", "e4"));
  EXPECT_TRUE(view.is_sequence_growing());
  EXPECT_EQ(view.resets(), 0);
  EXPECT_EQ(view.fields().size(), 4u);
}

TEST_P(BusConformance, BringsToAFollowerWhatWasWipedBeforeItHadRead) {
  ASSERT_TRUE(SetField(*one_, "a", "1", "e1"));
  const Position position = Snapshot(*one_).position;
  ASSERT_TRUE(SetField(*one_, "b", "2", "e2"));
  ledgers_->Wipe();
  ASSERT_TRUE(Until([&] { return Snapshot(*other_).fields.size() == 2; }));
  std::vector<std::string> events;
  Bus::Follower follower;
  follower.on_entry = [&](const LogEntry& entry) {
    if (!entry.event.empty()) events.push_back(entry.event);
  };
  follower.on_reset = [](ResetReason) { FAIL(); };
  const auto following = other_->Follow("room", position, follower);
  ASSERT_TRUE(Until([&] { return !events.empty(); }));
  EXPECT_THAT(events, ElementsAre("e2"));
}

TEST_P(BusConformance, ForgetsGhostsOfWhomAWipeLeftNothing) {
  Times times = QuickTimes();
  times.ttl = TimeDelta::Millis(300);
  ASSERT_NO_FATAL_FAILURE(Begin(times));
  if (!ledgers_) return;
  RoomView view(io_, *one_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(SetField(*other_, "theirs", "2"));
  ASSERT_TRUE(Until([&] { return view.fields().size() == 1; }));
  other_.reset();
  ledgers_->Wipe();
  ASSERT_TRUE(Until([&] { return view.fields().empty(); }));
  EXPECT_EQ(view.entries().back().kind, EntryKind::kGone);
}

TEST_P(BusConformance, RefusesWhenItIsOver) {
  Result<uint64_t> result = 0;
  const auto plan = std::make_shared<FaultPlan>();
  plan->next = [] { return Fault::kBefore; };
  auto bus = ledgers_->MakeBus(io_, "brief", times_, plan);
  asio::co_spawn(io_, bus->Change("room", {.event = "e"}, Patience::kKeep),
                 [&](std::exception_ptr, Result<uint64_t> value) { result = std::move(value); });
  ASSERT_TRUE(Until([&] { return plan->questions > 3; }));
  const auto following = bus->Follow("room", Position(), {});
  bus.reset();
  ASSERT_TRUE(Until([&] { return !result.has_value(); }));
  EXPECT_EQ(result.error().code, ErrorCode::kShuttingDown);
}

TEST_P(BusConformance, RefusesAChangeThatWaitedTooLongAndKeepsAnother) {
  Times times = times_;
  times.change = TimeDelta::Millis(50);
  const auto plan = std::make_shared<FaultPlan>();
  bool is_down = true;
  plan->next = [&] { return is_down ? Fault::kBefore : Fault::kNone; };
  const auto bus = ledgers_->MakeBus(io_, "cut-off", times, plan);
  Result<uint64_t> kept = Fail(ErrorCode::kInternal, "");
  asio::co_spawn(io_, bus->Change("room", {.event = "kept"}, Patience::kKeep),
                 [&](std::exception_ptr, Result<uint64_t> value) { kept = std::move(value); });
  const auto refused =
      Await(io_, bus->Change("room", {.event = "refused"}, Patience::kUntilDeadline));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(bus->status().is_up);
  EXPECT_NE(bus->status().reason, "");
  EXPECT_EQ(bus->status().pending_changes, 1u);
  RoomView view(io_, *one_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  is_down = false;
  ASSERT_TRUE(Until([&] { return kept.has_value() && view.events().size() == 1; }));
  EXPECT_THAT(view.events(), ElementsAre("kept"));
  EXPECT_TRUE(bus->status().is_up);
}

TEST_P(BusConformance, UndoesAChangeThatWasDoneAfterItWasRefused) {
  Times times = times_;
  times.change = TimeDelta::Millis(50);
  const auto plan = std::make_shared<FaultPlan>();
  const auto bus = ledgers_->MakeBus(io_, "unheard", times, plan);
  RoomView view(io_, *one_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(
      Await(io_, bus->Change("room", {.set = {{.key = "a", .value = "1"}}}, Patience::kKeep)));
  bool is_deaf = true;
  plan->next = [&] { return is_deaf ? Fault::kAfter : Fault::kNone; };
  const auto refused = Await(
      io_, bus->Change("room", {.set = {{.key = "b", .value = "2"}}}, Patience::kUntilDeadline));
  ASSERT_FALSE(refused);
  ASSERT_TRUE(Until([&] { return view.fields().size() == 2; })) << "it was done, in truth";
  is_deaf = false;
  ASSERT_TRUE(Until([&] { return view.fields().size() == 1; }));
  EXPECT_THAT(view.values(), ElementsAre(Pair("a", "1")));
}

TEST_P(BusConformance, TakesOnlySoManyChangesThatWait) {
  const auto plan = std::make_shared<FaultPlan>();
  plan->next = [] { return Fault::kBefore; };
  const auto bus = ledgers_->MakeBus(io_, "cut-off", times_, plan);
  for (size_t i = 0; i < kMaxPendingChanges; ++i) {
    asio::co_spawn(io_, bus->Change("room", {.event = "e"}, Patience::kKeep), asio::detached);
  }
  const auto refused = Await(io_, bus->Change("room", {.event = "e"}, Patience::kUntilDeadline));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace confab::bus
