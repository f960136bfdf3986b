#include "services/signaling/shared/shared_rooms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/bus/make_bus.h"
#include "backends/bus/memory/memory_hub.h"
#include "backends/bus/testing/loop.h"

namespace confab::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr TimeDelta kDeadline = TimeDelta::Seconds(5);

// A signaling instance without connections: whom it has, and whom it heard of.
class Desk final : public SharedRooms::Listener {
 public:
  Desk(asio::io_context& io, const std::shared_ptr<bus::MemoryHub>& hub, const std::string& id,
       const bus::Times& times)
      : bus_(*bus::MakeMemoryBus(io, hub, {.instance_id = id, .region = "here"}, times)),
        rooms(std::make_unique<SharedRooms>(io, *bus_, *this)) {}

  void Has(ParticipantId id, std::string name, uint64_t term = 0) {
    ours[id].set_name(std::move(name));
    ours[id].set_term(term);
    rooms->Touch("room", id);
  }
  void Loses(ParticipantId id, std::string_view reason) {
    ours.erase(id);
    rooms->Left("room", id, reason);
  }
  std::map<ParticipantId, std::string> Seen() const {
    std::map<ParticipantId, std::string> seen;
    for (const auto& [id, sharing] : rooms->Others("room")) seen[id] = sharing.participant.name();
    return seen;
  }
  // Without a word.
  void Die() {
    rooms.reset();
    bus_.reset();
  }
  bus::Bus& bus() { return *bus_; }

  std::map<ParticipantId, v1::SharedParticipant> ours;
  std::vector<std::string> gone;  // why
  std::vector<std::string> asked;
  std::vector<std::string> said;
  int missed = 0;
  bool is_used = true;

 private:
  Claim OnShared(const std::string&, ParticipantId id, const Sharing& sharing) override {
    const auto own = ours.find(id);
    if (own == ours.end()) return Claim::kTheirs;
    if (own->second.term() > sharing.participant.term()) return Claim::kOurs;
    ours.erase(own);
    return Claim::kTheirs;
  }
  void OnUnshared(const std::string&, ParticipantId, std::string_view reason) override {
    gone.emplace_back(reason);
  }
  void OnNote(const std::string&, const v1::SharedNote& note) override {
    if (note.has_message()) said.push_back(note.message().text());
  }
  void OnNotesMissed(const std::string&) override { ++missed; }
  void OnRequest(const v1::SharedRequest& request) override {
    asked.push_back(request.participant_id());
  }
  std::optional<v1::SharedParticipant> Describe(const std::string&,
                                                ParticipantId id) const override {
    const auto own = ours.find(id);
    return own == ours.end() ? std::nullopt : std::optional(own->second);
  }
  bool IsHere(const std::string&, ParticipantId id) const override { return ours.contains(id); }
  bool IsUsed(const std::string&) const override { return is_used; }

  std::unique_ptr<bus::Bus> bus_;

 public:
  std::unique_ptr<SharedRooms> rooms;
};

class SharedRoomsTest : public testing::Test {
 protected:
  ~SharedRoomsTest() override {
    for (Desk* desk : {&one_, &other_}) desk->rooms.reset();
    bus::Settle(io_);
  }
  bool Until(const std::function<bool()>& condition) { return bus::RunUntil(io_, condition); }
  bool Reach(Desk& desk) { return bus::Await(io_, desk.rooms->Reach("room")); }
  // What this desk has told is at the bus.
  void Written(Desk& desk) {
    bool is_done = false;
    asio::co_spawn(io_, desk.rooms->Written("room"), [&](std::exception_ptr) { is_done = true; });
    ASSERT_TRUE(Until([&] { return is_done; }));
  }
  ParticipantId NewId() { return ParticipantId::Random(random_); }

  asio::io_context io_{1};
  Prng random_{3};
  bus::Times times_ = bus::QuickTimes();
  std::shared_ptr<bus::MemoryHub> hub_ = std::make_shared<bus::MemoryHub>(times_);
  Desk one_{io_, hub_, "one", times_};
  Desk other_{io_, hub_, "other", times_};
  const ParticipantId alice_ = NewId();
  const ParticipantId bob_ = NewId();
};

bus::Times ShortLived(bus::Times times) {
  times.ttl = TimeDelta::Millis(100);
  return times;
}

// Alice is at an instance that dies; the living one has seen her there.
class SharedRoomsDeathTest : public SharedRoomsTest {
 protected:
  void SetUp() override {
    dying_.Has(alice_, "Alice");
    Written(dying_);
    ASSERT_TRUE(Reach(living_));
    ASSERT_THAT(living_.Seen(), SizeIs(1));
    dying_.Die();
  }
  ~SharedRoomsDeathTest() override {
    living_.rooms.reset();
    bus::Settle(io_);
  }

  bus::Times short_ = ShortLived(times_);
  std::shared_ptr<bus::MemoryHub> hub_of_both_ = std::make_shared<bus::MemoryHub>(short_);
  Desk dying_{io_, hub_of_both_, "dying", short_};
  Desk living_{io_, hub_of_both_, "living", short_};
};

TEST_F(SharedRoomsTest, KnowsWhoIsThereWhenTheRoomIsReached) {
  one_.Has(alice_, "Alice");
  Written(one_);
  EXPECT_TRUE(Reach(other_));
  EXPECT_THAT(other_.Seen(), ElementsAre(Pair(alice_, "Alice")));
  EXPECT_THAT(one_.Seen(), IsEmpty()) << "its own are no others";
}

TEST_F(SharedRoomsTest, HearsWhatChangesAndWhyWhoLeft) {
  ASSERT_TRUE(Reach(other_));
  one_.Has(alice_, "Alice");
  one_.Has(bob_, "Bob");
  ASSERT_TRUE(Until([&] { return other_.Seen().size() == 2; }));
  one_.Has(alice_, "Alicia");
  one_.Loses(bob_, "removed");
  ASSERT_TRUE(Until([&] { return other_.Seen().size() == 1; }));
  EXPECT_THAT(other_.Seen(), ElementsAre(Pair(alice_, "Alicia")));
  EXPECT_THAT(other_.gone, ElementsAre("removed"));
}

TEST_F(SharedRoomsTest, WritesOnceWhatChangesOftenInOneTurn) {
  ASSERT_TRUE(Reach(other_));
  for (const char* name : {"A", "Al", "Ali", "Alice"}) one_.Has(alice_, name);
  Written(one_);
  ASSERT_TRUE(Until([&] { return !other_.Seen().empty(); }));
  const auto state = bus::Await(io_, other_.bus().Snapshot("room"));
  ASSERT_THAT(state->fields, SizeIs(1));
  const uint64_t first = state->fields[0].sequence;
  one_.rooms->Touch("room", alice_);  // nothing is different
  Written(one_);
  one_.Has(bob_, "Bob");
  Written(one_);
  const auto later = bus::Await(io_, other_.bus().Snapshot("room"));
  EXPECT_EQ(later->position.sequence, first + 1);
}

TEST_F(SharedRoomsTest, YieldsToWhoTookOver) {
  one_.Has(alice_, "Alice");
  Written(one_);
  ASSERT_TRUE(Reach(other_));
  other_.Has(alice_, "Alice", 1);
  ASSERT_TRUE(Until([&] { return one_.ours.empty(); }));
  EXPECT_THAT(one_.Seen(), ElementsAre(Pair(alice_, "Alice")));
  // The former owner writes nothing for it any more.
  one_.rooms->Touch("room", bob_);
  Written(one_);
  const auto state = bus::Await(io_, one_.bus().Snapshot("room"));
  ASSERT_THAT(state->fields, SizeIs(1));
  EXPECT_EQ(state->fields[0].owner, other_.bus().self());
}

TEST_F(SharedRoomsTest, WritesAgainWhatAFormerOwnerWroteOver) {
  one_.Has(alice_, "Alice", 2);
  Written(one_);
  ASSERT_TRUE(Reach(one_));
  // The former owner, which has not heard yet that it is none.
  v1::SharedParticipant late;
  late.set_name("Late");
  late.set_term(1);
  bus::RoomChange change;
  change.set.push_back({.key = "p/" + alice_.ToString(), .value = late.SerializeAsString()});
  ASSERT_TRUE(bus::Await(
      io_, other_.bus().Change("room", std::move(change), bus::Patience::kUntilDeadline)));
  ASSERT_TRUE(Reach(other_));
  ASSERT_TRUE(Until([&] { return !other_.Seen().empty(); }));
  EXPECT_THAT(other_.Seen(), ElementsAre(Pair(alice_, "Alice")));
  EXPECT_THAT(one_.Seen(), IsEmpty());
  EXPECT_THAT(one_.ours, SizeIs(1));
}

// What a former owner had under way to the bus all the while, or writes again after an outage
// before it hears of the one that took over.
TEST_F(SharedRoomsTest, TakesBackWhatItWroteOfSomebodyWhoHasLeftElsewhere) {
  for (const bool has_left_before : {true, false}) {
    one_.Has(alice_, "Alice");
    Written(one_);
    ASSERT_TRUE(Reach(other_) && Reach(one_));
    other_.Has(alice_, "Alice", 1);
    ASSERT_TRUE(Until([&] { return one_.ours.empty(); }));
    Written(other_);
    if (has_left_before) {
      other_.Loses(alice_, "left");
      Written(other_);
    }
    v1::SharedParticipant late;
    late.set_name("Late");
    bus::RoomChange change;
    change.set.push_back({.key = "p/" + alice_.ToString(), .value = late.SerializeAsString()});
    ASSERT_TRUE(bus::Await(
        io_, one_.bus().Change("room", std::move(change), bus::Patience::kUntilDeadline)));
    if (!has_left_before) other_.Loses(alice_, "left");
    ASSERT_TRUE(Until([&] {
      const auto state = bus::Await(io_, one_.bus().Snapshot("room"));
      return state && state->fields.empty() && one_.Seen().empty() && other_.Seen().empty();
    })) << has_left_before;
  }
}

TEST_F(SharedRoomsTest, WaitsInVainOnceWhileTheBusTakesNothing) {
  ASSERT_TRUE(Reach(other_));
  hub_->SetFull(true);
  one_.Has(alice_, "Alice");
  Written(one_);  // as long as an acknowledgement waits
  EXPECT_THAT(other_.Seen(), IsEmpty());
  bool is_done = false;
  asio::co_spawn(io_, one_.rooms->Written("room"), [&](std::exception_ptr) { is_done = true; });
  io_.restart();
  io_.poll();
  EXPECT_TRUE(is_done);
  hub_->SetFull(false);
  ASSERT_TRUE(Until([&] { return other_.Seen().size() == 1; }));
  // Then what is said next is waited for again.
  one_.Has(alice_, "Alicia");
  Written(one_);
  const auto state = bus::Await(io_, one_.bus().Snapshot("room"));
  ASSERT_THAT(state->fields, SizeIs(1));
  EXPECT_THAT(state->fields[0].value, testing::HasSubstr("Alicia"));
}

TEST_F(SharedRoomsDeathTest, ForgetsWhomAnInstanceHadThatDied) {
  ASSERT_TRUE(Until([&] { return living_.Seen().empty(); }));
  EXPECT_THAT(living_.gone, ElementsAre("timeout"));
}

TEST_F(SharedRoomsTest, TellsWhyWhoLeftRightAfterAWipe) {
  one_.Has(alice_, "Alice");
  Written(one_);
  ASSERT_TRUE(Reach(other_));
  hub_->Wipe();
  one_.Loses(alice_, "removed");
  ASSERT_TRUE(Until([&] { return other_.Seen().empty(); }));
  EXPECT_THAT(other_.gone, ElementsAre("removed"));
}

// After a wipe the bus has nothing of it, so the removal is told.
TEST_F(SharedRoomsDeathTest, LosesNobodyElseByWhatItRemovesItself) {
  hub_of_both_->Wipe();
  bus::RoomChange change{.remove = {"p/" + alice_.ToString()}};
  ASSERT_TRUE(bus::Await(
      io_, living_.bus().Change("room", std::move(change), bus::Patience::kUntilDeadline)));
  ASSERT_TRUE(Until([&] { return living_.Seen().empty(); }));
  EXPECT_THAT(living_.gone, ElementsAre("timeout")) << "it did not leave";
}

TEST_F(SharedRoomsTest, SurvivesAWipe) {
  one_.Has(alice_, "Alice");
  other_.Has(bob_, "Bob");
  Written(one_);
  Written(other_);
  ASSERT_TRUE(Reach(one_) && Reach(other_));
  hub_->Wipe();
  one_.Has(alice_, "Alicia");
  ASSERT_TRUE(Until([&] {
    return other_.Seen() == std::map<ParticipantId, std::string>{{alice_, "Alicia"}} &&
           one_.Seen() == std::map<ParticipantId, std::string>{{bob_, "Bob"}};
  }));
  EXPECT_THAT(one_.gone, IsEmpty());
  EXPECT_THAT(other_.gone, IsEmpty());
}

TEST_F(SharedRoomsTest, AsksTheInstanceThatHasTheParticipant) {
  one_.Has(alice_, "Alice");
  Written(one_);
  ASSERT_TRUE(Reach(other_));
  v1::SharedRequest request;
  request.set_room("room");
  request.set_participant_id(alice_.ToString());
  EXPECT_TRUE(bus::Await(io_, other_.rooms->Ask(request)).has_value());
  EXPECT_TRUE(Until([&] { return one_.asked.size() == 1; }));
  request.set_participant_id(bob_.ToString());
  const auto nobody = bus::Await(io_, other_.rooms->Ask(request));
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().code, ErrorCode::kParticipantNotFound);
}

TEST_F(SharedRoomsTest, SaysInOrderAndOnceWhatIsSaid) {
  ASSERT_TRUE(Reach(other_));
  ASSERT_TRUE(Reach(one_));
  one_.Has(alice_, "Alice");
  std::vector<std::string> expected;
  for (int i = 0; i < 20; ++i) {
    v1::SharedNote note;
    note.mutable_message()->set_text(expected.emplace_back(std::to_string(i)));
    ASSERT_TRUE(one_.rooms->Say("room", std::move(note)));
  }
  ASSERT_TRUE(Until([&] { return other_.said.size() >= expected.size(); }));
  EXPECT_EQ(other_.said, expected);
  EXPECT_THAT(other_.Seen(), SizeIs(1));
  EXPECT_THAT(one_.said, IsEmpty()) << "who says it knows it";
}

TEST_F(SharedRoomsTest, SkipsWhatCannotBeRead) {
  bus::RoomChange change;
  change.set.push_back({.key = "p/" + alice_.ToString(), .value = "\xff\xff"});
  change.set.push_back({.key = "p/nobody", .value = ""});
  change.set.push_back({.key = "other", .value = "x"});
  ASSERT_TRUE(
      bus::Await(io_, one_.bus().Change("room", std::move(change), bus::Patience::kUntilDeadline)));
  ASSERT_TRUE(Reach(other_));
  EXPECT_THAT(other_.Seen(), IsEmpty());
}

TEST_F(SharedRoomsTest, ShedsTheCapabilitiesOfWhoHasTooMany) {
  auto& codecs = *one_.ours[alice_].mutable_rtp_capabilities();
  codecs.add_codecs()->set_mime_type(std::string(bus::kMaxValueOctets, 'x'));
  one_.Has(alice_, "Alice");
  Written(one_);
  ASSERT_TRUE(Reach(other_));
  EXPECT_THAT(other_.Seen(), ElementsAre(Pair(alice_, "Alice")));
}

TEST_F(SharedRoomsTest, WaitsAtTheEndForWhatIsNotWrittenYet) {
  ASSERT_TRUE(Reach(other_));
  one_.Has(alice_, "Alice");
  bool is_done = false;
  asio::co_spawn(io_, one_.rooms->End(kDeadline), [&](std::exception_ptr) { is_done = true; });
  ASSERT_TRUE(Until([&] { return is_done; }));
  EXPECT_TRUE(Until([&] { return other_.Seen().size() == 1; }));
}

}  // namespace
}  // namespace confab::signaling
