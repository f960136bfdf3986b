#include "services/signaling/room/room.h"

#include <gtest/gtest.h>

#include "services/signaling/testing/room_fixture.h"

namespace confab::signaling {
namespace {

class RoomTest : public RoomFixture {};

TEST_F(RoomTest, HidesANewcomerUntilItIsSeated) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Admit("Bob");
  EXPECT_EQ(room_.OthersJson(alice), json::array());
  const Effects effects = Seat(bob);
  EXPECT_EQ(SentTo(alice, effects), Names{"participantJoined"});
  EXPECT_EQ(SentTo(bob, effects), Names{});
  EXPECT_EQ(room_.OthersJson(alice).size(), 1u);
}

TEST_F(RoomTest, IsFullWithThoseWhoAreStillJoining) {
  Admit("1");
  Admit("2");
  Admit("3");
  const Result<void> fourth = room_.Admit(NewId(), 0, EntrantOf("4"));
  ASSERT_FALSE(fourth.has_value());
  EXPECT_EQ(fourth.error().code, ErrorCode::kRoomFull);
}

TEST_F(RoomTest, APreparedJoinIsUnseenAndTakesNoSeat) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Prepare();
  EXPECT_EQ(room_.OthersJson(alice), json::array());
  EXPECT_EQ(room_.seats(), 1u);
  Join("Carol");
  Join("Dan");
  EXPECT_TRUE(room_.is_full());
  const Result<void> late = room_.AdmitPrepared(bob, 0, {.name = "Bob"});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kRoomFull);
  EXPECT_FALSE(room_.Prepare(NewId(), EntrantOf("")).has_value());
}

TEST_F(RoomTest, APreparedJoinIsSeatedWithItsName) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Prepare();
  ASSERT_TRUE(
      room_.AdmitPrepared(bob, 7, {.name = "Bob", .view = ViewSize{.width = 640}}).has_value());
  EXPECT_EQ(room_.OthersJson(alice), json::array());
  const Effects effects = Seat(bob);
  EXPECT_EQ(SentTo(alice, effects), Names{"participantJoined"});
  EXPECT_EQ(room_.Find(bob)->name, "Bob");
  EXPECT_EQ(room_.Find(bob)->joined_at_ms, 7);
  EXPECT_EQ(room_.seats(), 2u);
}

TEST_F(RoomTest, APreparedJoinIsToldNothingAndLeavesWithoutAWord) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Prepare();
  AddTransports(bob);
  EXPECT_EQ(SentTo(bob, room_.Rename(alice, "Alicia")), Names{});
  const Effects effects = room_.Leave(bob, LeaveReason::kLeft);
  EXPECT_EQ(SentTo(alice, effects), Names{});
  EXPECT_EQ(Closed(effects).transports.size(), 2u);
}

TEST_F(RoomTest, ClosesWithTheLastSeatThoughAJoinIsPrepared) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Prepare();
  EXPECT_TRUE(Has<CloseRoom>(room_.Leave(alice, LeaveReason::kLeft)));
  EXPECT_EQ(room_.Find(bob), nullptr);
  EXPECT_TRUE(room_.Leave(bob, LeaveReason::kLeft).empty());
}

TEST_F(RoomTest, PreparesNoMoreJoinsThanItMay) {
  Join("Alice");
  for (size_t i = 0; i < kMaxPreparedPerRoom; ++i) Prepare();
  const Result<void> refused = room_.Prepare(NewId(), EntrantOf(""));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

TEST_F(RoomTest, LeavesNothingOfAJoinThatFailed) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Admit("Bob");
  AddTransports(bob);
  const Effects effects = room_.Abandon(bob, ConnectionOf(bob), kNow);
  EXPECT_EQ(SentTo(alice, effects), Names{});
  EXPECT_EQ(Closed(effects).transports.size(), 2u);
  EXPECT_EQ(room_.Find(bob), nullptr);
}

TEST_F(RoomTest, ClosesWhenTheOnlyJoinFails) {
  const ParticipantId alice = Admit("Alice");
  const Effects effects = room_.Abandon(alice, ConnectionOf(alice), kNow);
  EXPECT_TRUE(Has<CloseRoom>(effects));
  EXPECT_TRUE(room_.is_closed());
}

TEST_F(RoomTest, DoesNotSeatWhoseConnectionBroke) {
  const ParticipantId alice = Admit("Alice");
  const uint32_t attempt = room_.Find(alice)->attempt;
  room_.LoseConnection(alice, ConnectionOf(alice), kNow);
  EXPECT_FALSE(room_.Seat(alice, attempt).has_value());
}

TEST_F(RoomTest, AJoinThatWasOvertakenChangesNothing) {
  const ParticipantId alice = Join("Alice");
  const uint32_t old_attempt = room_.Find(alice)->attempt;
  const ConnectionId old_connection = ConnectionOf(alice);
  room_.Readmit(alice, EntrantOf("Alice"));
  EXPECT_FALSE(room_.AddTransport(alice, old_attempt, {.id = "late"}).has_value());
  EXPECT_FALSE(room_.Seat(alice, old_attempt).has_value());
  EXPECT_TRUE(room_.Abandon(alice, old_connection, kNow).empty());
  EXPECT_TRUE(room_.LoseConnection(alice, old_connection, kNow).empty());
  EXPECT_TRUE(room_.Find(alice)->is_connected());
}

TEST_F(RoomTest, AReloadKeepsTheParticipantAndClosesItsMedia) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const MediaId producer = Produce(bob, "cam");
  const ConnectionId old_connection = ConnectionOf(bob);
  const Effects effects = room_.Readmit(bob, EntrantOf("Bob"));
  EXPECT_EQ(Replaced(effects), std::vector{old_connection});
  EXPECT_EQ(Closed(effects).transports.size(), 2u);
  EXPECT_EQ(SentTo(alice, effects), Names{"producerRemoved"});
  EXPECT_EQ(SentTo(alice, Seat(bob)), Names{});
  EXPECT_EQ(room_.participants().size(), 2u);
  EXPECT_EQ(room_.FindProducer(producer).producer, nullptr);
}

TEST_F(RoomTest, AReloadAfterALossTellsThatTheParticipantIsBack) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  EXPECT_EQ(SentTo(alice, room_.LoseConnection(bob, ConnectionOf(bob), kNow)),
            Names{"participantUpdated"});
  const Effects effects = room_.Readmit(bob, EntrantOf("Robert"));
  EXPECT_TRUE(Replaced(effects).empty());
  const json::object back = PayloadTo(alice, effects, "participantUpdated");
  EXPECT_EQ(back.at("connected"), true);
  EXPECT_EQ(back.at("name"), "Robert");
}

TEST_F(RoomTest, AReloadWithoutANameKeepsTheOldOne) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  EXPECT_EQ(SentTo(alice, room_.Readmit(bob, EntrantOf(""))), Names{});
  EXPECT_EQ(room_.Find(bob)->name, "Bob");
}

TEST_F(RoomTest, WaitsTheGracePeriodForALostConnection) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  EXPECT_TRUE(room_.NextTimeout().is_never());
  room_.LoseConnection(bob, ConnectionOf(bob), kNow);
  EXPECT_EQ(room_.NextTimeout(), kNow + kGrace);
  EXPECT_TRUE(room_.HandleTimeout(kNow + kGrace - TimeDelta::Micros(1)).empty());
  const Effects effects = room_.HandleTimeout(kNow + kGrace);
  EXPECT_EQ(PayloadTo(alice, effects, "participantLeft").at("reason"), "timeout");
  EXPECT_EQ(room_.Find(bob), nullptr);
  EXPECT_TRUE(room_.NextTimeout().is_never());
}

TEST_F(RoomTest, AResumeBringsWhatWasMissedInOrder) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  room_.Rename(alice, "A");
  const uint64_t seen = room_.Find(bob)->log.last_seq();
  room_.LoseConnection(bob, ConnectionOf(bob), kNow);
  EXPECT_EQ(SentTo(bob, room_.Rename(alice, "B")), Names{});
  room_.Rename(alice, "C");
  const Result<ResumeOutcome> outcome = room_.Resume(bob, NewConnection(), seen);
  ASSERT_TRUE(outcome.has_value());
  ASSERT_TRUE(outcome->events.has_value());
  ASSERT_EQ(outcome->events->size(), 2u);
  EXPECT_EQ(outcome->events->at(0).payload.at("name"), "B");
  EXPECT_EQ(outcome->events->at(1).payload.at("name"), "C");
  EXPECT_EQ(outcome->seq, outcome->events->at(1).seq);
  EXPECT_EQ(PayloadTo(alice, outcome->effects, "participantUpdated").at("connected"), true);
  EXPECT_EQ(SentTo(bob, room_.Rename(alice, "D")), Names{"participantUpdated"});
  EXPECT_TRUE(room_.NextTimeout().is_never());
}

TEST_F(RoomTest, AResumeReplacesAConnectionThatIsStillThere) {
  const ParticipantId alice = Join("Alice");
  const ConnectionId old_connection = ConnectionOf(alice);
  const Result<ResumeOutcome> outcome = room_.Resume(alice, NewConnection(), 0);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(Replaced(outcome->effects), std::vector{old_connection});
}

TEST_F(RoomTest, AResumeWithAnUnknownNumberNeedsTheState) {
  const ParticipantId alice = Join("Alice");
  const Result<ResumeOutcome> outcome = room_.Resume(alice, NewConnection(), 99);
  EXPECT_EQ(outcome->events, std::nullopt);
  EXPECT_EQ(outcome->seq, 100U) << "further than the client has seen: it drops what it knows";
  Join("Bob");
  EXPECT_EQ(room_.Find(alice)->log.last_seq(), 101U);
}

TEST_F(RoomTest, ThereIsNothingToResumeBeforeTheJoinIsDone) {
  const ParticipantId alice = Admit("Alice");
  const Result<ResumeOutcome> outcome = room_.Resume(alice, NewConnection(), 0);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::kSessionExpired);
}

TEST_F(RoomTest, TellsWhyAParticipantLeftAndClosesWithTheLast) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const Effects effects = room_.Leave(bob, LeaveReason::kLeft);
  EXPECT_EQ(PayloadTo(alice, effects, "participantLeft").at("reason"), "left");
  EXPECT_FALSE(Has<CloseRoom>(effects));
  EXPECT_TRUE(room_.Leave(bob, LeaveReason::kLeft).empty());
  EXPECT_TRUE(Has<CloseRoom>(room_.Leave(alice, LeaveReason::kLeft)));
}

TEST_F(RoomTest, ANameThatStaysIsNotTold) {
  const ParticipantId alice = Join("Alice");
  Join("Bob");
  EXPECT_TRUE(room_.Rename(alice, "Alice").empty());
  EXPECT_FALSE(room_.Rename(alice, "Al").empty());
}

TEST_F(RoomTest, WhoIsRemovedIsToldAndOthersHearTheReason) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const ConnectionId connection = ConnectionOf(bob);
  const Effects effects = room_.Remove(bob);
  ASSERT_TRUE(Has<RemoveConnection>(effects));
  EXPECT_EQ(std::get<RemoveConnection>(effects.front()).connection, connection);
  EXPECT_EQ(PayloadTo(alice, effects, "participantLeft").at("reason"), "removed");
  EXPECT_EQ(room_.Find(bob), nullptr);
}

TEST_F(RoomTest, WhoIsRemovedWithoutAConnectionIsGoneAllTheSame) {
  Join("Alice");
  const ParticipantId bob = Join("Bob");
  room_.LoseConnection(bob, ConnectionOf(bob), Timestamp::Millis(1));
  const Effects effects = room_.Remove(bob);
  EXPECT_FALSE(Has<RemoveConnection>(effects));
  EXPECT_EQ(room_.Find(bob), nullptr);
  EXPECT_TRUE(room_.Remove(bob).empty());
}

TEST_F(RoomTest, NobodyHearsOfWhoIsHidden) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  Entrant hidden = EntrantOf("Recorder");
  hidden.grants = auth::Grants{.hidden = true};
  ASSERT_TRUE(room_.Admit(bob, 0, std::move(hidden)).has_value());
  EXPECT_EQ(SentTo(alice, Seat(bob)), Names{});
  EXPECT_EQ(room_.OthersJson(alice), json::array());
  EXPECT_EQ(room_.OthersJson(bob).size(), 1u);
  const Effects lost = room_.LoseConnection(bob, ConnectionOf(bob), Timestamp::Millis(1));
  EXPECT_EQ(SentTo(alice, lost), Names{});
  EXPECT_EQ(SentTo(alice, room_.Leave(bob, LeaveReason::kLeft)), Names{});
}

TEST_F(RoomTest, KeepsTheGrantsOfWhoComesBackWithoutAToken) {
  const ParticipantId alice = NewId();
  Entrant entrant = EntrantOf("Alice");
  entrant.grants = auth::Grants{.video = false, .moderate = true};
  ASSERT_TRUE(room_.Admit(alice, 0, std::move(entrant)).has_value());
  Seat(alice);
  room_.Readmit(alice, EntrantOf("Alice"));
  EXPECT_TRUE(room_.Find(alice)->grants.moderate);
  EXPECT_FALSE(room_.Find(alice)->grants.video);
}

v1::SharedMessage MessageOf(ParticipantId author, int64_t number) {
  v1::SharedMessage message;
  message.set_number(number);
  message.set_id("id-" + std::to_string(number));
  message.set_from(author.ToString());
  message.set_text("Hello");
  return message;
}

TEST_F(RoomTest, TellsAMessageOnceHoweverOftenItIsSent) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const auto told = [&](int64_t number, Room::Author author) {
    return SentTo(bob, room_.Write(MessageOf(alice, number), author));
  };
  EXPECT_EQ(told(2, Room::Author::kAnswered), Names{"message"});
  EXPECT_EQ(told(2, Room::Author::kAnswered), Names{});
  EXPECT_EQ(told(2, Room::Author::kWaits), Names{});
  EXPECT_EQ(told(1, Room::Author::kAnswered), Names{"message"}) << "it came late";
  v1::SharedMessage other = MessageOf(alice, 1);
  other.set_id("another");
  EXPECT_EQ(SentTo(bob, room_.Write(other, Room::Author::kAnswered)), Names{"message"})
      << "numbers began anew";
}

TEST_F(RoomTest, RemembersTheNewestMessagesThatItTold) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const auto told = [&](size_t number) {
    const v1::SharedMessage message = MessageOf(alice, static_cast<int64_t>(number));
    return SentTo(bob, room_.Write(message, Room::Author::kAnswered));
  };
  for (size_t i = 0; i <= kMaxToldMessages; ++i) EXPECT_EQ(told(i), Names{"message"});
  EXPECT_EQ(told(kMaxToldMessages), Names{});
  EXPECT_EQ(told(1), Names{});
  EXPECT_EQ(told(0), Names{"message"});
}

std::vector<std::string> Recorded(const Effects& effects) {
  std::vector<std::string> recorded;
  for (const Effect& effect : effects) {
    if (std::holds_alternative<RecordCame>(effect)) recorded.emplace_back("came");
    if (const auto* left = std::get_if<RecordLeft>(&effect)) recorded.emplace_back(left->reason);
  }
  return recorded;
}

TEST_F(RoomTest, RecordsAStayFromItsSeatToItsEnd) {
  Join("Alice");
  const ParticipantId bob = Admit("Bob");
  EXPECT_EQ(Recorded(Seat(bob)), Names{"came"});
  EXPECT_EQ(Recorded(room_.Readmit(bob, EntrantOf("Bob"))), Names{});
  EXPECT_EQ(Recorded(Seat(bob)), Names{});
  EXPECT_EQ(Recorded(room_.Remove(bob)), Names{"removed"});
}

TEST_F(RoomTest, RecordsNothingOfAJoinThatFailed) {
  Join("Alice");
  const ParticipantId bob = Admit("Bob");
  EXPECT_EQ(Recorded(room_.Abandon(bob, ConnectionOf(bob), kNow)), Names{});
}

}  // namespace
}  // namespace confab::signaling
