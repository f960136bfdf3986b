#include "services/signaling/call/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hashed_name.h"
#include "observe/log_writer.h"

namespace confab::signaling {
namespace {

using testing::HasSubstr;

constexpr Timestamp kMadeAt = Timestamp::Millis(1000);
constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

class NoConnection final : public ClientConnection {
 public:
  void Emit(std::string_view, json::object) override {}
  void Close() override {}
};

class CallLogTest : public testing::Test {
 protected:
  CallLogTest() {
    observe::LogWriterOptions options;
    options.output = [this](std::string_view lines) { out_ += lines; };
    writer_ = std::make_unique<observe::LogWriter>(std::move(options));
    log_.emplace(observe::Logger(*writer_, "signaling", "s1"), "s1");
    room_ = std::make_shared<Room>(RoomId(), "tea", 1, RoomLimits{});
    const auto admitted = room_->Admit(id_, 1, {.connection = ConnectionId{7}, .trace = kTrace});
    EXPECT_TRUE(admitted);
  }
  const std::string& Lines() {
    writer_->Flush();
    return out_;
  }

  std::string out_;
  std::unique_ptr<observe::LogWriter> writer_;
  std::optional<CallLog> log_;
  std::shared_ptr<Room> room_;
  const ParticipantId id_{{1, 2, 3}};
};

TEST_F(CallLogTest, NamesRoomParticipantConnectionAndTrace) {
  EXPECT_EQ(log_->ScopeOf(Place{room_, id_}), (CallScope{.room = HashedName("tea"),
                                                         .participant = id_.ToString(),
                                                         .session = "s1-7",
                                                         .trace = kTrace}));
}

TEST_F(CallLogTest, NamesWhatIsLeftOfAParticipantThatHasGone) {
  room_->Leave(id_, LeaveReason::kLeft);
  EXPECT_EQ(log_->ScopeOf(Place{room_, id_}),
            (CallScope{.room = HashedName("tea"), .participant = id_.ToString()}));
}

TEST_F(CallLogTest, NamesTheRoomOfTheInvitationBeforeAJoin) {
  Session session(ConnectionId{9}, std::make_unique<NoConnection>(), Pass{.room = "coffee"});
  session.trace = "of-the-join";
  EXPECT_EQ(log_->ScopeOf(session),
            (CallScope{.room = HashedName("coffee"), .session = "s1-9", .trace = "of-the-join"}));
  session.place = Place{room_, id_};
  EXPECT_EQ(log_->ScopeOf(session).participant, id_.ToString());
  EXPECT_EQ(log_->ScopeOf(session).trace, kTrace);
}

TEST_F(CallLogTest, SaysWhoLeftThoughTheyAreGone) {
  ASSERT_TRUE(room_->Seat(id_, 1));
  for (const Effect& effect : room_->Leave(id_, LeaveReason::kTimeout)) {
    const auto* left = std::get_if<RecordLeft>(&effect);
    if (left == nullptr) continue;
    log_->Left({.room = HashedName("tea"),
                .participant = left->participant.ToString(),
                .session = log_->NameOf(left->connection),
                .trace = left->trace},
               left->reason);
  }
  EXPECT_THAT(Lines(),
              HasSubstr(R"("event":"participant.left","room":")" + HashedName("tea") +
                        R"(","participant":")" + id_.ToString() +
                        R"(","session":"s1-7","trace":")" + kTrace + R"(","reason":"timeout"})"));
}

TEST_F(CallLogTest, ShowsNoNames) {
  room_->Rename(id_, "Ada Lovelace");
  const Place place{room_, id_};
  log_->Joined(place, {.took = TimeDelta::Millis(3)});
  log_->ProducerAdded(place, {.own_id = "mic", .id = "p", .source = Source::kMicrophone});
  log_->TransportConnected(place, "t", kMadeAt);
  log_->TransportLost(place, "t", "ice-timeout");
  EXPECT_THAT(Lines(), HasSubstr(R"("took_us":3000)"));
  EXPECT_THAT(Lines(), HasSubstr(R"("reason":"ice-timeout")"));
  EXPECT_EQ(Lines().find("Ada"), std::string::npos);
  log_->RoomOpened("tea");
  log_->RoomClosed("tea");
  EXPECT_EQ(Lines().find("\"tea\""), std::string::npos);
}

JoinCourse SomeCourse() {
  JoinCourse course{.took = TimeDelta::Millis(9)};
  course.stages.Add(JoinStage::kReach, TimeDelta::Millis(1));
  course.stages.Add(JoinStage::kHome, TimeDelta::Millis(2));
  course.stages.Add(JoinStage::kTransports, TimeDelta::Millis(3));
  course.stages.Add(JoinStage::kConsumers, TimeDelta::Millis(4));
  return course;
}

TEST_F(CallLogTest, SaysHowLongTheStagesOfAJoinTookThatTookPlace) {
  room_->set_home({.media_instance = "m1"});
  JoinCourse course = SomeCourse();
  course.is_prepared = true;
  log_->Joined(Place{room_, id_}, course);
  EXPECT_THAT(Lines(), HasSubstr(R"("media":"m1","took_us":9000,"reach_us":1000,"home_us":2000,)"
                                 R"("transports_us":3000,"consumers_us":4000,"prepared":true})"));
}

TEST_F(CallLogTest, SaysWhyAJoinFailedAndHowFarItCame) {
  Session session(ConnectionId{9}, std::make_unique<NoConnection>(), Pass{.room = "tea"});
  session.trace = kTrace;
  JoinCourse course = SomeCourse();
  course.trouble = TokenTrouble::Kind::kUsed;
  const Error error{ErrorCode::kUnauthorized, "This invitation was used."};
  log_->JoinRefused(session, course, error, "e1");
  EXPECT_THAT(Lines(), HasSubstr(R"("level":"warning")"));
  EXPECT_THAT(Lines(), HasSubstr(R"("event":"participant.refused","room":")" + HashedName("tea") +
                                 R"(","session":"s1-9","trace":")" + kTrace +
                                 R"(","error_id":"e1","code":"unauthorized",)"
                                 R"("message":"This invitation was used.","reason":"used",)"
                                 R"("took_us":9000,"reach_us":1000,"home_us":2000)"));
}

TEST_F(CallLogTest, SaysWhichWayATransportIsForAndWhenItConnected) {
  const uint32_t attempt = room_->Find(id_)->attempt;
  ASSERT_TRUE(room_->AddTransport(id_, attempt,
                                  {.id = "t1", .direction = Direction::kSend, .made_at = kMadeAt}));
  ASSERT_TRUE(room_->AddTransport(id_, attempt, {.id = "t2", .direction = Direction::kRecv}));
  ASSERT_TRUE(room_->AddTransport(id_, attempt, {.id = "t3"}));
  const Place place{room_, id_};
  for (const char* id : {"t1", "t2", "t3"}) {
    log_->TransportConnected(place, id, kMadeAt + TimeDelta::Millis(20));
  }
  EXPECT_THAT(Lines(), HasSubstr(R"("transport":"t1","direction":"send","after_us":20000})"));
  EXPECT_THAT(Lines(), HasSubstr(R"("transport":"t2","direction":"recv"})"))
      << "made by another instance: nobody knows when";
  EXPECT_THAT(Lines(), HasSubstr(R"("transport":"t3","direction":"both"})"));
}

TEST_F(CallLogTest, SaysWhoMutedWhat) {
  const Place place{room_, id_};
  log_->FlowChanged(place, {.participant = id_,
                            .producer = "p1",
                            .source = Source::kCamera,
                            .flow = Flow::kPaused,
                            .by = RecordFlow::By::kModerator});
  log_->FlowChanged(place, {.participant = id_, .producer = "p1", .source = Source::kCamera});
  EXPECT_THAT(Lines(), HasSubstr(R"("event":"producer.paused","room":")" + HashedName("tea") +
                                 R"(","participant":")" + id_.ToString() +
                                 R"(","session":"s1-7","trace":")" + kTrace +
                                 R"(","producer":"p1","source":"camera","by":"moderator"})"));
  EXPECT_THAT(Lines(), HasSubstr(R"("event":"producer.resumed")"));
  EXPECT_THAT(Lines(), HasSubstr(R"("source":"camera","by":"self"})"));
}

TEST_F(CallLogTest, SaysFromWhereARoomMoved) {
  room_->set_home({.media_instance = "m2"});
  log_->RoomMoved(*room_, "m2");
  EXPECT_EQ(Lines(), "") << "it stayed";
  log_->RoomMoved(*room_, "m1");
  EXPECT_THAT(Lines(), HasSubstr(R"("event":"room.moved","room":")" + HashedName("tea") +
                                 R"(","media":"m2","from":"m1"})"));
}

TEST_F(CallLogTest, WritesAReportWithEveryFieldThatItHas) {
  const ClientReport report{
      .phase = ReportPhase::kEnded,
      .stages = {.reply = TimeDelta::Millis(40),
                 .ice = TimeDelta::Millis(80),
                 .dtls = TimeDelta::Millis(120),
                 .packet = TimeDelta::Millis(180),
                 .frame = TimeDelta::Millis(300)},
      .transports = {{.direction = Direction::kSend,
                      .state = IceState::kConnected,
                      .local_type = CandidateType::kRelay,
                      .remote_type = CandidateType::kHost,
                      .protocol = PathProtocol::kUdp,
                      .relay_protocol = RelayProtocol::kTls,
                      .checks_sent = 5,
                      .checks_answered = 4,
                      .round_trip_ms = 31},
                     {.direction = Direction::kRecv, .state = IceState::kFailed, .checks_sent = 9}},
      .relays_failed = {RelayProtocol::kUdp, RelayProtocol::kTcp},
      .sent = {.packets = 1, .bytes = 2, .lost = 3, .round_trip_ms = 4},
      .received = {.packets = 5,
                   .bytes = 6,
                   .lost = 7,
                   .jitter_ms = 8,
                   .freezes = 9,
                   .freeze_ms = 10,
                   .concealed_ms = 11,
                   .frames = 12}};
  log_->Reported(Place{room_, id_}, report);
  EXPECT_THAT(
      Lines(),
      HasSubstr(R"("event":"client.report","room":")" + HashedName("tea") + R"(","participant":")" +
                id_.ToString() + R"(","session":"s1-7","trace":")" + kTrace +
                R"(","phase":"ended","stage_reply_us":40000,"stage_ice_us":80000,)"
                R"("stage_dtls_us":120000,"stage_packet_us":180000,"stage_frame_us":300000,)"
                R"("send_state":"connected","send_local_type":"relay","send_remote_type":"host",)"
                R"("send_protocol":"udp","send_relay_protocol":"tls","send_checks_sent":5,)"
                R"("send_checks_answered":4,"send_round_trip_ms":31,)"
                R"("recv_state":"failed","recv_checks_sent":9,"relays_failed":"udp,tcp",)"
                R"("sent_packets":1,"sent_bytes":2,"sent_lost":3,"sent_round_trip_ms":4,)"
                R"("received_packets":5,"received_bytes":6,"received_lost":7,)"
                R"("received_jitter_ms":8,"received_freezes":9,"received_freeze_ms":10,)"
                R"("received_concealed_ms":11,"received_frames":12})"));
}

TEST_F(CallLogTest, LeavesOutWhatAPageDoesNotTell) {
  log_->Reported(Place{room_, id_}, {.phase = ReportPhase::kJoined});
  EXPECT_THAT(Lines(), HasSubstr(std::string(kTrace) + R"(","phase":"joined"})"));
}

TEST_F(CallLogTest, WritesWhatAPageFailedAtUnderItsOwnId) {
  Session session(ConnectionId{9}, std::make_unique<NoConnection>(), Pass{.room = "tea"});
  log_->ClientFailed(session, {.id = "5f-1",
                               .code = "device_busy",
                               .message = "Your camera is used by another program.",
                               .ago = TimeDelta::Millis(1500)});
  EXPECT_THAT(Lines(), HasSubstr(R"("level":"warning")"));
  EXPECT_THAT(Lines(),
              HasSubstr(R"("event":"client.failed","room":")" + HashedName("tea") +
                        R"(","session":"s1-9","error_id":"5f-1","code":"device_busy","message":)"
                        R"("Your camera is used by another program.","ago_ms":1500})"));
}

}  // namespace
}  // namespace confab::signaling
