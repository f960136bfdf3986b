// What every Bus does, whatever it is made of (bus.h).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/bus/testing/bus_conformance.h"
#include "backends/bus/testing/room_view.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

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
  RoomView view(io_, *one_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(RemoveField(*other_, "a"));
  EXPECT_EQ(Snapshot(*one_).fields.size(), 1u);
  ASSERT_TRUE(Until([&] { return view.entries().size() == 1; }));
  EXPECT_THAT(view.entries()[0].removed, IsEmpty());
}

// Said again after a wipe, a removal comes without what set the field.
TEST_P(BusConformance, TellsOfARemovalWhereTheFieldIsNotThere) {
  RoomView view(io_, *other_, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(RemoveField(*one_, "a"));
  ASSERT_TRUE(Until([&] { return view.entries().size() == 1; }));
  EXPECT_THAT(view.entries()[0].removed, ElementsAre("a"));
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

INSTANTIATE_TEST_SUITE_P(All, BusConformance,
                         testing::Values(BusCase{"Memory", MakeMemoryLedgers},
                                         BusCase{"Redis", MakeRedisLedgers}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace confab::bus
