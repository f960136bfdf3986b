#include "services/signaling/call/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hashed_name.h"
#include "observe/log_writer.h"

namespace confab::signaling {
namespace {

using testing::HasSubstr;

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
  log_->Joined(place, TimeDelta::Millis(3));
  log_->ProducerAdded(place, {.own_id = "mic", .id = "p", .source = Source::kMicrophone});
  log_->TransportConnected(place, "t");
  log_->TransportLost(place, "t", "ice-timeout");
  EXPECT_THAT(Lines(), HasSubstr(R"("took_us":3000)"));
  EXPECT_THAT(Lines(), HasSubstr(R"("reason":"ice-timeout")"));
  EXPECT_EQ(Lines().find("Ada"), std::string::npos);
  log_->RoomOpened("tea");
  log_->RoomClosed("tea");
  EXPECT_EQ(Lines().find("\"tea\""), std::string::npos);
}

}  // namespace
}  // namespace confab::signaling
