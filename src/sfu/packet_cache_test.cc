#include "sfu/packet_cache.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

class PacketCacheTest : public ::testing::Test {
 protected:
  rtc::PacketRef Make(int64_t sequence, bool keyframe = false,
                      Timestamp at = Timestamp::Millis(0)) {
    rtc::PacketRef packet = pool_.Acquire();
    packet.writable().unwrapped_sequence = sequence;
    packet.writable().keyframe = keyframe;
    packet.writable().received_at = at;
    return packet;
  }
  std::vector<int64_t> FromKeyframe(Timestamp now) {
    std::vector<rtc::PacketRef> packets;
    cache_.CollectFromKeyframe(now, packets);
    std::vector<int64_t> numbers;
    for (const auto& packet : packets) numbers.push_back(packet->unwrapped_sequence);
    return numbers;
  }

  rtc::PacketPool pool_;
  PacketCache cache_;
};

using Numbers = std::vector<int64_t>;

TEST_F(PacketCacheTest, StartsFromTheNewestKeyframe) {
  cache_.Add(Make(10, true));
  cache_.Add(Make(11));
  cache_.Add(Make(12, true));
  cache_.Add(Make(13));
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), (Numbers{12, 13}));
}

TEST_F(PacketCacheTest, GivesNothingWhenAPacketIsMissingAndAllOnceItCame) {
  cache_.Add(Make(10, true));
  cache_.Add(Make(12));
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), Numbers{});
  cache_.Add(Make(11));
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), (Numbers{10, 11, 12}));
}

TEST_F(PacketCacheTest, GivesNothingFromAnOldKeyframe) {
  cache_.Add(Make(10, true));
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(2000)).size(), 1u);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(2001)).size(), 0u);
}

TEST_F(PacketCacheTest, KeepsItsLimitAndForgetsTheOldest) {
  for (int64_t i = 0; i < 3000; ++i) cache_.Add(Make(i, i == 0));
  EXPECT_EQ(pool_.in_use(), PacketCache::kMaxPackets);
  EXPECT_EQ(cache_.Find(3000 - 1025), nullptr);
  EXPECT_NE(cache_.Find(3000 - 1024), nullptr);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(0)), Numbers{}) << "the keyframe is gone";
}

TEST_F(PacketCacheTest, StartsAnewAfterAJumpOfTheSender) {
  cache_.Add(Make(1, true));
  cache_.Add(Make(50'000));
  EXPECT_EQ(pool_.in_use(), 1u);
  EXPECT_EQ(cache_.Find(1), nullptr);
}

TEST_F(PacketCacheTest, LetsGoOfOldPackets) {
  cache_.Add(Make(1, true, Timestamp::Millis(0)));
  cache_.Add(Make(2, false, Timestamp::Millis(1500)));
  cache_.Expire(Timestamp::Millis(2500));
  EXPECT_EQ(pool_.in_use(), 1u);
  cache_.Expire(Timestamp::Millis(9000));
  EXPECT_EQ(pool_.in_use(), 0u);
  cache_.Add(Make(3, true, Timestamp::Millis(9000)));
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(9000)), Numbers{3});
}

}  // namespace
}  // namespace confab::sfu
