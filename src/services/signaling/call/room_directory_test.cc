#include "services/signaling/call/room_directory.h"

#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace confab::signaling {
namespace {

class RoomDirectoryTest : public testing::Test {
 protected:
  Prng random_{7};
  RoomDirectory rooms_{random_, 2, {}, RoomIds::kRandom};
};

TEST_F(RoomDirectoryTest, FindsARoomByNameAndByIdUntilItIsForgotten) {
  const auto room = rooms_.Open("a", 0);
  ASSERT_TRUE(room.has_value());
  EXPECT_EQ(rooms_.Open("a", 0), room);
  EXPECT_EQ(rooms_.Find("a"), *room);
  EXPECT_EQ(rooms_.Find((*room)->id()), *room);
  EXPECT_EQ(rooms_.Find("b"), nullptr);
  rooms_.Forget(**room);
  EXPECT_EQ(rooms_.Find("a"), nullptr);
  EXPECT_NE((*rooms_.Open("a", 0))->id(), (*room)->id());
}

TEST_F(RoomDirectoryTest, HasALimit) {
  ASSERT_TRUE(rooms_.Open("a", 0).has_value());
  ASSERT_TRUE(rooms_.Open("b", 0).has_value());
  EXPECT_EQ(ErrorOf(rooms_.Open("c", 0)).code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(rooms_.Open("a", 0).has_value());
}

TEST_F(RoomDirectoryTest, FindsAParticipantsPlaceAsLongAsItIsThere) {
  const std::shared_ptr<Room> room = *rooms_.Open("a", 0);
  const ParticipantId id = ParticipantId::Random(random_);
  ASSERT_TRUE(room->Admit(id, 0, {}).has_value());
  const auto place = rooms_.Find("a", id);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->room, room);
  EXPECT_EQ(place->participant, id);
  EXPECT_FALSE(rooms_.Find("b", id).has_value());
  EXPECT_FALSE(rooms_.Find("a", ParticipantId::Random(random_)).has_value());
  room->Leave(id, LeaveReason::kLeft);
  EXPECT_FALSE(rooms_.Find("a", id).has_value());
}

}  // namespace
}  // namespace confab::signaling
