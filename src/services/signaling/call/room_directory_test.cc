#include "services/signaling/call/room_directory.h"

#include <gtest/gtest.h>

namespace confab::signaling {
namespace {

class RoomDirectoryTest : public testing::Test {
 protected:
  Prng random_{7};
  RoomDirectory rooms_{random_, 2, {}};
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
  EXPECT_EQ(rooms_.Open("c", 0).error().code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(rooms_.Open("a", 0).has_value());
}

TEST_F(RoomDirectoryTest, RedeemsATokenForItsParticipantAndNoOther) {
  const std::shared_ptr<Room> room = *rooms_.Open("a", 0);
  const ParticipantId id = ParticipantId::Random(random_);
  ASSERT_TRUE(room->Admit(id, rooms_.NewSecret(), 0, {}).has_value());
  const std::string token = RoomDirectory::ResumeToken(*room, *room->Find(id));
  const auto place = rooms_.Redeem(token);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->room, room);
  EXPECT_EQ(place->participant, id);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'a' ? 'b' : 'a';
    // The two separators may be anything: they separate nothing but ids of fixed length.
    if (token[i] != '-') {
      EXPECT_FALSE(rooms_.Redeem(forged).has_value()) << i;
    }
    EXPECT_FALSE(rooms_.Redeem(token.substr(0, i)).has_value());
  }
  EXPECT_FALSE(rooms_.Redeem(token + "a").has_value());
  room->Leave(id, LeaveReason::kLeft);
  EXPECT_FALSE(rooms_.Redeem(token).has_value());
}

}  // namespace
}  // namespace confab::signaling
