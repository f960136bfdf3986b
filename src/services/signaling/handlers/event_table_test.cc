#include "services/signaling/handlers/event_table.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/testing/error_of.h"

namespace confab::signaling {
namespace {

class SilentConnection final : public ClientConnection {
 public:
  void Emit(std::string_view, json::object) override {}
  void Close() override {}
};

class RequireTest : public testing::Test {
 protected:
  void Join(auth::Grants grants) {
    const ParticipantId id = ParticipantId::Random(random_);
    ASSERT_TRUE(room_->Admit(id, 0, {.grants = grants, .connection = session_.id()}));
    session_.place = Place{room_, id};
  }

  Prng random_{5};
  std::shared_ptr<Room> room_ =
      std::make_shared<Room>(RoomId::Random(random_), "lake", 0, RoomLimits{});
  Session session_{ConnectionId{1}, std::make_unique<SilentConnection>(), {.room = "lake"}};
};

TEST_F(RequireTest, ARoomIsTheOneOfTheToken) {
  EXPECT_TRUE(RequireRoom(session_, "lake"));
  for (const char* other : {"", "lak", "lake2", "Lake", "sea"}) {
    ASSERT_FALSE(RequireRoom(session_, other)) << other;
    EXPECT_EQ(ErrorOf(RequireRoom(session_, other)).code, ErrorCode::kForbidden);
  }
}

TEST_F(RequireTest, WhoHasNotJoinedHasNoPlace) {
  EXPECT_EQ(ErrorOf(RequireJoined(session_)).code, ErrorCode::kNotJoined);
  EXPECT_EQ(ErrorOf(RequireModerator(session_)).code, ErrorCode::kNotJoined);
}

TEST_F(RequireTest, AGuestIsNoModerator) {
  Join({});
  EXPECT_TRUE(RequireJoined(session_));
  ASSERT_FALSE(RequireModerator(session_));
  EXPECT_EQ(ErrorOf(RequireModerator(session_)).code, ErrorCode::kForbidden);
}

TEST_F(RequireTest, AModeratorIsOne) {
  Join({.moderate = true});
  EXPECT_TRUE(RequireModerator(session_));
}

}  // namespace
}  // namespace confab::signaling
