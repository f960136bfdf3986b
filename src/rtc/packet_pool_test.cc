#include "rtc/packet_pool.h"

#include <gtest/gtest.h>

namespace confab::rtc {
namespace {

TEST(PacketPool, ReusesAPacketWhenItsLastRefIsGone) {
  PacketPool pool;
  PacketRef a = pool.Acquire();
  const Packet* first = &*a;
  PacketRef b = a;
  a = {};
  EXPECT_EQ(pool.in_use(), 1u) << "b still holds it";
  b = {};
  EXPECT_EQ(pool.in_use(), 0u);
  EXPECT_EQ(&*pool.Acquire(), first);
}

TEST(PacketPool, RefusesBeyondItsLimitAndRecovers) {
  PacketPool pool;
  std::vector<PacketRef> held;
  for (size_t i = 0; i < PacketPool::kMaxPackets; ++i) held.push_back(pool.Acquire());
  EXPECT_TRUE(held.back());
  EXPECT_FALSE(pool.Acquire());
  held.pop_back();
  EXPECT_TRUE(pool.Acquire());
}

}  // namespace
}  // namespace confab::rtc
