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
    packet.writable().rtp_timestamp = static_cast<uint32_t>(sequence) * 3000;
    packet.writable().keyframe = keyframe;
    packet.writable().starts_frame = keyframe;
    packet.writable().received_at = at;
    return packet;
  }
  // A part of an H264 picture.
  enum class Part : uint8_t { kSps, kPps, kIdr, kSlice };
  void AddH264(int64_t sequence, uint32_t rtp_timestamp, Part part) {
    const rtc::PacketRef packet = Make(sequence, part == Part::kSps || part == Part::kIdr);
    packet.writable().starts_frame = part == Part::kSps;
    packet.writable().rtp_timestamp = rtp_timestamp;
    cache_.Add(packet);
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

TEST_F(PacketCacheTest, StartsFromTheParameterSetsAndNotFromTheSlicesBehindThem) {
  AddH264(10, 90, Part::kSps);
  AddH264(11, 90, Part::kPps);
  AddH264(12, 90, Part::kIdr);
  AddH264(13, 90, Part::kIdr);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), (Numbers{10, 11, 12, 13}));
  AddH264(14, 180, Part::kSps);
  AddH264(15, 180, Part::kIdr);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), (Numbers{14, 15}));
}

TEST_F(PacketCacheTest, WaitsForParameterSetsThatComeLate) {
  AddH264(9, 0, Part::kSlice);
  AddH264(12, 90, Part::kIdr);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), Numbers{});
  AddH264(11, 90, Part::kPps);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), Numbers{});
  AddH264(10, 90, Part::kSps);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), (Numbers{10, 11, 12}));
}

TEST_F(PacketCacheTest, StartsWithoutParameterSetsWhereNoneBelongToThePicture) {
  AddH264(9, 0, Part::kSlice);
  AddH264(10, 90, Part::kIdr);
  AddH264(11, 90, Part::kIdr);
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(5)), (Numbers{10, 11}));
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
  cache_.Expire(Timestamp::Millis(2500), PacketCache::kMaxAge);
  EXPECT_EQ(pool_.in_use(), 1u);
  EXPECT_FALSE(cache_.empty());
  cache_.Expire(Timestamp::Millis(9000), PacketCache::kMaxAge);
  EXPECT_TRUE(cache_.empty());
  EXPECT_EQ(pool_.in_use(), 0u);
  cache_.Add(Make(3, true, Timestamp::Millis(9000)));
  EXPECT_EQ(FromKeyframe(Timestamp::Millis(9000)), Numbers{3});
}

}  // namespace
}  // namespace confab::sfu
