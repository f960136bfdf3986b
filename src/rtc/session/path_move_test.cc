#include "rtc/session/path_move.h"

#include <gtest/gtest.h>

namespace confab::rtc {
namespace {

const Path kOld{LocalSocket(0), SocketAddress::Ipv4({192, 0, 2, 1}, 1000)};
const Path kNew{LocalSocket(0), SocketAddress::Ipv4({192, 0, 2, 1}, 2000)};

TEST(PathMove, LetsThreeTimesGoWhatHasCome) {
  PathMove move;
  move.Begin(kNew, 100);
  EXPECT_EQ(move.target(), kNew);
  EXPECT_TRUE(move.Admit(200));
  EXPECT_FALSE(move.Admit(101));
  EXPECT_TRUE(move.Admit(100));
  EXPECT_FALSE(move.Admit(1));
  move.NoteReceived(kNew, 10, true);
  EXPECT_TRUE(move.Admit(30));
  EXPECT_FALSE(move.Admit(1));
}

TEST(PathMove, DoesNotCountWhatComesOverOtherPaths) {
  PathMove move;
  move.Begin(kNew, 100);
  move.NoteReceived(kOld, 10'000, false);
  EXPECT_EQ(move.target(), kNew) << "late packets of the old path change nothing";
  EXPECT_FALSE(move.Admit(301));
}

TEST(PathMove, FollowsTheNewestPacketBackAndForth) {
  PathMove move;
  move.Begin(kNew, 100);
  ASSERT_TRUE(move.Admit(300));
  move.NoteReceived(kOld, 100, true);
  EXPECT_EQ(move.target(), std::nullopt);
  EXPECT_TRUE(move.Admit(1'000'000)) << "the path that ICE has selected has no limit";
  move.NoteReceived(kNew, 10, true);
  EXPECT_EQ(move.target(), kNew);
  EXPECT_TRUE(move.Admit(30));
  EXPECT_FALSE(move.Admit(1)) << "coming back does not begin anew";
}

TEST(PathMove, EndsWithoutATrace) {
  PathMove move;
  EXPECT_FALSE(move.active());
  EXPECT_TRUE(move.Admit(1'000'000));
  move.Begin(kNew, 1);
  move.End();
  EXPECT_FALSE(move.active());
  EXPECT_EQ(move.target(), std::nullopt);
  EXPECT_TRUE(move.Admit(1'000'000));
}

}  // namespace
}  // namespace confab::rtc
