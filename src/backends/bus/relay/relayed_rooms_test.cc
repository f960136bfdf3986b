#include "backends/bus/relay/relayed_rooms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace confab::bus {
namespace {

using testing::ElementsAre;

class RelayedRoomsTest : public testing::Test {
 protected:
  static constexpr TimeDelta kIdleLimit = TimeDelta::Seconds(100);

  // News of the room, and the work on it, which lasts.
  RelayedRooms::RoomPtr Begin(const std::string& name) {
    auto room = rooms_.Open(name, now_);
    if (room) rooms_.BeginWork(*room);
    return room;
  }
  // The same, done at once.
  void Relay(const std::string& name) {
    const auto room = Begin(name);
    ASSERT_TRUE(room);
    rooms_.EndWork(room, now_);
  }
  void Pass(TimeDelta time) { now_ = now_ + time; }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, room] : rooms_.all()) names.push_back(name);
    return names;
  }

  Timestamp now_ = Timestamp::Millis(1);
  RelayedRooms rooms_{3, kIdleLimit};
};

TEST_F(RelayedRoomsTest, RemembersARoomUntilItWasIdleForTheLimit) {
  Relay("a");
  Pass(kIdleLimit - TimeDelta::Micros(1));
  Relay("b");
  EXPECT_THAT(names(), ElementsAre("a", "b"));
  Pass(TimeDelta::Micros(1));
  Relay("b");
  EXPECT_THAT(names(), ElementsAre("b"));
}

TEST_F(RelayedRoomsTest, BeginsWithARoomAnewThatItHadForgotten) {
  const auto before = Begin("a");
  before->sequence = 7;
  before->is_known = true;
  rooms_.EndWork(before, now_);
  EXPECT_EQ(Begin("a"), before);
  rooms_.EndWork(before, now_);
  Pass(kIdleLimit);
  const auto after = Begin("a");
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->is_known) << "it must ask for the target's mark";
  EXPECT_EQ(after->sequence, 0u);
}

TEST_F(RelayedRoomsTest, ForgetsTheOneIdleLongestForANewRoomAtTheLimit) {
  for (const char* name : {"a", "b", "c", "a"}) {
    Relay(name);
    Pass(TimeDelta::Micros(1));
  }
  Relay("d");
  EXPECT_THAT(names(), ElementsAre("a", "c", "d"));
}

TEST_F(RelayedRoomsTest, NeverForgetsARoomAtWork) {
  Relay("a");
  const auto at_work = Begin("a");
  Pass(kIdleLimit * 2);
  for (const char* name : {"b", "c", "d", "e"}) Relay(name);
  EXPECT_EQ(Begin("a"), at_work);
  EXPECT_EQ(rooms_.all().size(), 3u);
}

TEST_F(RelayedRoomsTest, RefusesANewRoomOnlyWhileAllAreAtWork) {
  const auto a = Begin("a");
  Begin("b");
  Begin("c");
  EXPECT_FALSE(Begin("d"));
  EXPECT_TRUE(Begin("a")) << "it is none too many";
  rooms_.EndWork(a, now_);
  EXPECT_TRUE(Begin("d"));
  EXPECT_THAT(names(), ElementsAre("b", "c", "d"));
}

TEST_F(RelayedRoomsTest, ForgetsFewAtOnceHoweverManyAreIdle) {
  rooms_ = RelayedRooms(1000, kIdleLimit);
  for (int i = 0; i < 100; ++i) Relay(std::to_string(i));
  Pass(kIdleLimit);
  Relay("a");
  EXPECT_EQ(rooms_.all().size(), 99u);
  for (int i = 0; i < 100; ++i) Relay("a");
  EXPECT_THAT(names(), ElementsAre("a"));
}

}  // namespace
}  // namespace confab::bus
