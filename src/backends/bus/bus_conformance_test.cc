// What every Bus does, whatever it is made of (bus.h).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "backends/bus/testing/ledgers_under_test.h"
#include "backends/bus/testing/loop.h"
#include "backends/bus/testing/room_view.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const std::string kNoEvent;

struct Case {
  const char* name;
  MakeLedgers make;
};

class BusConformance : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { Begin(QuickTimes()); }
  void TearDown() override {
    one_.reset();
    other_.reset();
    ledgers_.reset();
    Settle(io_);
  }
  void Begin(const Times& times) {
    times_ = times;
    one_.reset();
    other_.reset();
    std::string why_not;
    ledgers_ = GetParam().make(io_, times, why_not);
    if (!ledgers_) GTEST_SKIP() << why_not;
    one_ = ledgers_->MakeBus(io_, "one", times);
    other_ = ledgers_->MakeBus(io_, "other", times);
  }

  bool Until(const std::function<bool()>& condition) { return RunUntil(io_, condition); }
  Result<uint64_t> Change(Bus& bus, RoomChange change) {
    return Await(io_, bus.Change("room", std::move(change), Patience::kUntilDeadline));
  }
  Result<uint64_t> SetField(Bus& bus, std::string key, std::string value,
                            std::string event = kNoEvent) {
    RoomChange change{.event = std::move(event)};
    change.set.push_back({.key = std::move(key), .value = std::move(value)});
    return Change(bus, std::move(change));
  }
  Result<uint64_t> RemoveField(Bus& bus, std::string key) {
    RoomChange change;
    change.remove.push_back(std::move(key));
    return Change(bus, std::move(change));
  }
  // Without waiting for the answer.
  void Tell(Bus& bus, std::string event) {
    asio::co_spawn(io_, bus.Change("room", {.event = std::move(event)}, Patience::kKeep),
                   asio::detached);
  }
  RoomState Snapshot(Bus& bus) {
    auto state = Await(io_, bus.Snapshot("room"));
    EXPECT_TRUE(state.has_value());
    return state.value_or(RoomState());
  }

  // One that knows the generation, as each does after its first beat.
  std::unique_ptr<Ledger> ListeningLedger() {
    auto ledger = ledgers_->Make();
    ledger->Listen({.on_news = [](const auto&) {},
                    .on_message = [](const auto&, const auto&) {},
                    .on_instances = [] {}});
    std::vector<InstanceName> none;
    EXPECT_TRUE(Await(io_, ledger->DoBeat(InstanceName(), none)));
    return ledger;
  }

  asio::io_context io_;
  Times times_;
  std::unique_ptr<LedgersUnderTest> ledgers_;
  std::unique_ptr<LedgerBus> one_;
  std::unique_ptr<LedgerBus> other_;
};

TEST_P(BusConformance, GivesEachChangeTheNextSequence) {
  const auto first = SetField(*one_, "a", "1");
  const auto second = Change(*other_, {.event = "hello"});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*second, *first + 1);
  EXPECT_EQ(Snapshot(*one_).position.sequence, *second);
}

TEST_P(BusConformance, HoldsTheFieldsAndWhoseTheyAre) {
  ASSERT_TRUE(SetField(*one_, "a", "1"));
  ASSERT_TRUE(SetField(*other_, "b", "2"));
  ASSERT_TRUE(SetField(*one_, "a", "3"));
  ASSERT_TRUE(SetField(*one_, "c", "4"));
  ASSERT_TRUE(RemoveField(*one_, "c"));
  const RoomState state = Snapshot(*other_);
  ASSERT_EQ(state.fields.size(), 2u);
  EXPECT_EQ(state.fields[0].value, "3");
  EXPECT_EQ(state.fields[0].owner, one_->self());
  EXPECT_EQ(state.fields[1].value, "2");
  EXPECT_EQ(state.fields[1].owner, other_->self());
}

TEST_P(BusConformance, KnowsNothingOfARoomThatIsNotThere) {
  const RoomState state = Snapshot(*one_);
  EXPECT_THAT(state.fields, IsEmpty());
  EXPECT_EQ(state.position.sequence, 0u);
}

TEST_P(BusConformance, TellsAFollowerWhatComesAfterItsSnapshotInOrder) {
  ASSERT_TRUE(SetField(*one_, "a", "1", "before"));
  RoomView view(io_, *other_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(SetField(i % 2 ? *one_ : *other_, "k" + std::to_string(i), "v", std::to_string(i)));
  }
  ASSERT_TRUE(Until([&] { return view.events().size() == 20; }));
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(view.events()[i], std::to_string(i));
  EXPECT_TRUE(view.is_sequence_growing());
  EXPECT_EQ(view.fields().size(), 21u);
  EXPECT_EQ(view.resets(), 0);
}

TEST_P(BusConformance, TellsAFollowerOfARoomThatIsNotThereYet) {
  RoomView view(io_, *other_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(SetField(*one_, "a", "1", "first"));
  ASSERT_TRUE(Until([&] { return view.events().size() == 1; }));
  EXPECT_EQ(view.resets(), 0);
}

TEST_P(BusConformance, NeverCallsFromWithinFollowNorAfterItsEnd) {
  ASSERT_TRUE(SetField(*one_, "a", "1"));
  int calls = 0;
  Bus::Follower follower;
  follower.on_entry = [&](const LogEntry&) { ++calls; };
  follower.on_reset = [&](ResetReason) { ++calls; };
  auto following = one_->Follow("room", Position(), follower);
  EXPECT_EQ(calls, 0);
  following.reset();
  RoomView view(io_, *one_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(SetField(*one_, "a", "2", "more"));
  ASSERT_TRUE(Until([&] { return view.fields().at("a").value == "2"; }));
  EXPECT_EQ(calls, 0);
}

TEST_P(BusConformance, LetsAFollowerEndItselfWhileItIsTold) {
  std::unique_ptr<Bus::Following> following;
  int calls = 0;
  Bus::Follower follower;
  follower.on_entry = [&](const LogEntry&) {
    ++calls;
    following.reset();
  };
  ASSERT_TRUE(SetField(*one_, "a", "1"));
  ASSERT_TRUE(SetField(*one_, "a", "2"));
  following = other_->Follow("room", Position(), follower);
  ASSERT_TRUE(Until([&] { return calls > 0; }));
  ASSERT_TRUE(SetField(*one_, "a", "3"));
  EXPECT_EQ(calls, 1);
}

TEST_P(BusConformance, RemovesNobodyElsesFields) {
  ASSERT_TRUE(SetField(*one_, "a", "1"));
  ASSERT_TRUE(RemoveField(*other_, "a"));
  EXPECT_EQ(Snapshot(*one_).fields.size(), 1u);
}

TEST_P(BusConformance, LeavesAFieldToWhoTookItOver) {
  ASSERT_TRUE(SetField(*one_, "a", "old"));
  ASSERT_TRUE(SetField(*other_, "a", "new"));
  ASSERT_TRUE(RemoveField(*one_, "a"));
  ledgers_->Expire(one_->self());
  RoomView view(io_, *other_, "room");
  // Whoever was taken for gone says again what it has.
  ASSERT_TRUE(Until([&] {
    return !view.entries().empty() && view.entries().back().kind == EntryKind::kRestated;
  }));
  EXPECT_THAT(view.values(), ElementsAre(Pair("a", "new")));
  EXPECT_EQ(Snapshot(*one_).fields.at(0).owner, other_->self());
}

TEST_P(BusConformance, KeepsAnyOctets) {
  std::string all;
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
  const std::string key = all.substr(0, 100);
  RoomView view(io_, *other_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(SetField(*one_, key, all, all));
  EXPECT_EQ(Snapshot(*one_).fields.at(0).key, key);
  EXPECT_EQ(Snapshot(*one_).fields.at(0).value, all);
  ASSERT_TRUE(Until([&] { return view.events().size() == 1; }));
  EXPECT_EQ(view.events()[0], all);
  EXPECT_EQ(view.fields().at(key).value, all);
}

TEST_P(BusConformance, KeepsRoomsApartWhateverTheirNamesHold) {
  for (const char* room : {"a", "a}", "{a}:fields", "*", "a:b"}) {
    RoomChange change{.event = "e"};
    change.set.push_back({.key = "name", .value = room});
    ASSERT_TRUE(Await(io_, one_->Change(room, std::move(change), Patience::kUntilDeadline)));
  }
  for (const char* room : {"a", "a}", "{a}:fields", "*", "a:b"}) {
    const auto state = Await(io_, other_->Snapshot(room));
    ASSERT_TRUE(state);
    ASSERT_EQ(state->fields.size(), 1u) << room;
    EXPECT_EQ(state->fields[0].value, room);
  }
}

TEST_P(BusConformance, RefusesWhatIsTooLarge) {
  const auto refused = [&](RoomChange change) {
    const auto result = Change(*one_, std::move(change));
    return !result && result.error().code == ErrorCode::kInvalidMessage;
  };
  EXPECT_TRUE(refused({.set = {{.key = "", .value = ""}}}));
  EXPECT_TRUE(refused({.set = {{.key = std::string(kMaxKeyOctets + 1, 'k'), .value = ""}}}));
  EXPECT_TRUE(refused({.set = {{.key = "k", .value = std::string(kMaxValueOctets + 1, 'v')}}}));
  EXPECT_TRUE(refused({.remove = {std::string(kMaxKeyOctets + 1, 'k')}}));
  EXPECT_TRUE(refused({.event = std::string(kMaxEventOctets + 1, 'e')}));
  EXPECT_TRUE(refused({.remove = std::vector<std::string>(kMaxFieldsPerChange + 1, "k")}));
  const std::string room(kMaxRoomOctets + 1, 'r');
  EXPECT_FALSE(Await(io_, one_->Change(room, {.event = "e"}, Patience::kUntilDeadline)));
  EXPECT_EQ(one_->Follow(room, Position(), {}), nullptr);
}

TEST_P(BusConformance, RefusesMoreFieldsThanARoomTakes) {
  RoomChange change;
  for (size_t i = 0; i < kMaxFieldsPerRoom; ++i) {
    change.set.push_back({.key = std::to_string(i), .value = "v"});
    if (change.set.size() < kMaxFieldsPerChange) continue;
    ASSERT_TRUE(Change(*one_, std::exchange(change, {})));
  }
  const auto refused = SetField(*other_, "one more", "v");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(SetField(*other_, "0", "v")) << "one that is there already may be set";
  EXPECT_EQ(Snapshot(*one_).fields.size(), kMaxFieldsPerRoom);
}

TEST_P(BusConformance, TellsAFollowerThatTheLogDoesNotReachBack) {
  ASSERT_TRUE(Change(*one_, {.event = "first"}));
  const Position position = Snapshot(*one_).position;
  for (size_t i = 0; i < kMaxLogEntries; ++i) Tell(*one_, "e");
  ASSERT_TRUE(Until([&] { return one_->status().pending_changes == 0; }));
  std::vector<ResetReason> resets;
  int entries = 0;
  Bus::Follower follower;
  follower.on_entry = [&](const LogEntry&) { ++entries; };
  follower.on_reset = [&](ResetReason reason) { resets.push_back(reason); };
  const auto whole = one_->Follow("room", position, follower);
  ASSERT_TRUE(Until([&] { return entries == static_cast<int>(kMaxLogEntries); }));
  ASSERT_TRUE(Change(*one_, {.event = "one more"}));
  const auto late = one_->Follow("room", position, follower);
  ASSERT_TRUE(Until([&] { return !resets.empty(); }));
  EXPECT_THAT(resets, ElementsAre(ResetReason::kTrimmed));
}

TEST_P(BusConformance, BringsAMessageToOneInstance) {
  std::vector<std::string> heard;
  other_->SetOnMessage([&](const InstanceName& from, const std::string& bytes) {
    EXPECT_EQ(from, one_->self());
    heard.push_back(bytes);
  });
  one_->SetOnMessage([&](const InstanceName&, const std::string&) { FAIL(); });
  // It has to have begun to listen.
  ASSERT_TRUE(Until([&] {
    return Await(io_, one_->Send(other_->self(), std::string("a\n\0b", 4))).has_value();
  }));
  ASSERT_TRUE(Until([&] { return !heard.empty(); }));
  EXPECT_EQ(heard[0], std::string("a\n\0b", 4));
}

TEST_P(BusConformance, SaysThatNobodyListens) {
  const auto sent = Await(io_, one_->Send(NameOf("nobody"), "hello"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kNotFound);
  const auto long_one =
      Await(io_, one_->Send(other_->self(), std::string(kMaxMessageOctets + 1, 'm')));
  ASSERT_FALSE(long_one);
  EXPECT_EQ(long_one.error().code, ErrorCode::kInvalidMessage);
}

TEST_P(BusConformance, TellsWhoIsAliveAndWhoSaysGoodbye) {
  std::vector<InstanceName> alive;
  const auto following =
      one_->FollowInstances([&](const std::vector<InstanceName>& now) { alive = now; });
  ASSERT_TRUE(Until([&] { return alive.size() == 2; }));
  EXPECT_THAT(alive, UnorderedElementsAre(one_->self(), other_->self()));
  bool has_left = false;
  asio::co_spawn(io_, other_->Leave(TimeDelta::Seconds(10)),
                 [&](std::exception_ptr) { has_left = true; });
  ASSERT_TRUE(Until([&] { return has_left && alive.size() == 1; }));
  EXPECT_THAT(alive, ElementsAre(one_->self()));
}

TEST_P(BusConformance, RemovesWhatOneThatIsGoneHasLeftBehind) {
  Times times = QuickTimes();
  times.ttl = TimeDelta::Millis(300);
  ASSERT_NO_FATAL_FAILURE(Begin(times));
  if (!ledgers_) return;
  RoomView view(io_, *one_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(SetField(*one_, "mine", "1"));
  ASSERT_TRUE(SetField(*other_, "theirs", "2"));
  const InstanceName gone = other_->self();
  ASSERT_TRUE(Until([&] { return view.fields().size() == 2; }));
  other_.reset();
  ASSERT_TRUE(Until([&] { return view.fields().size() == 1; }));
  EXPECT_EQ(Snapshot(*one_).fields.size(), 1u);
  EXPECT_EQ(std::ranges::count(view.entries(), gone, &LogEntry::origin), 2);
  EXPECT_EQ(view.entries().back().kind, EntryKind::kGone);
  EXPECT_THAT(view.entries().back().removed, ElementsAre("theirs"));
}

TEST_P(BusConformance, FindsGhostsInARoomThatItHasJustFound) {
  Times times = QuickTimes();
  times.ttl = TimeDelta::Millis(300);
  ASSERT_NO_FATAL_FAILURE(Begin(times));
  if (!ledgers_) return;
  ASSERT_TRUE(SetField(*other_, "theirs", "2"));
  other_.reset();
  RoomView view(io_, *one_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following() && view.fields().empty(); }));
  EXPECT_THAT(Snapshot(*one_).fields, IsEmpty());
}

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

INSTANTIATE_TEST_SUITE_P(All, BusConformance,
                         testing::Values(Case{"Memory", MakeMemoryLedgers},
                                         Case{"Redis", MakeRedisLedgers}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace confab::bus
