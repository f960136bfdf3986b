#include "rtc/codec/h264_payload.h"

#include <gtest/gtest.h>

#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {
namespace {

TEST(H264Payload, ReadsSingleNalUnits) {
  EXPECT_TRUE(ParseH264Payload(Hex("67 42"))->has_sps);
  EXPECT_TRUE(ParseH264Payload(Hex("68 42"))->has_pps);
  EXPECT_FALSE(ParseH264Payload(Hex("68 42"))->keyframe()) << "a PPS alone begins nothing";
  EXPECT_TRUE(ParseH264Payload(Hex("65 88"))->keyframe());
  const auto slice = ParseH264Payload(Hex("41 9a"));
  ASSERT_TRUE(slice);
  EXPECT_FALSE(slice->keyframe());
  EXPECT_TRUE(slice->starts_nal);
  EXPECT_TRUE(slice->ends_nal);
}

TEST(H264Payload, LooksIntoAggregates) {
  const auto aggregate = ParseH264Payload(Hex("78 0002 67aa 0001 68 0003 65bbcc"));
  ASSERT_TRUE(aggregate);
  EXPECT_TRUE(aggregate->has_sps);
  EXPECT_TRUE(aggregate->has_pps);
  EXPECT_TRUE(aggregate->has_idr);
  EXPECT_FALSE(ParseH264Payload(Hex("78 0002 06aa 0001 41"))->keyframe());
}

TEST(H264Payload, RefusesBrokenAggregates) {
  EXPECT_FALSE(ParseH264Payload(Hex("78")));
  EXPECT_FALSE(ParseH264Payload(Hex("78 0000")));
  EXPECT_FALSE(ParseH264Payload(Hex("78 0003 67aa")));
  EXPECT_FALSE(ParseH264Payload(Hex("78 0001 67 00")));
}

TEST(H264Payload, ReadsFragments) {
  const auto first = ParseH264Payload(Hex("7c 85 88"));
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->keyframe());
  EXPECT_TRUE(first->starts_nal);
  EXPECT_FALSE(first->ends_nal);
  const auto middle = ParseH264Payload(Hex("7c 05 88"));
  ASSERT_TRUE(middle);
  EXPECT_FALSE(middle->keyframe()) << "only the first fragment begins a keyframe";
  EXPECT_FALSE(middle->starts_nal);
  EXPECT_TRUE(ParseH264Payload(Hex("7c 45 88"))->ends_nal);
  EXPECT_FALSE(ParseH264Payload(Hex("7c 85"))) << "no fragment";
}

TEST(H264Payload, RefusesOtherPacketTypes) {
  for (const int type : {0, 25, 26, 27, 29, 30, 31}) {
    EXPECT_FALSE(ParseH264Payload(ByteVector{static_cast<uint8_t>(type), 1, 2, 3})) << type;
  }
  EXPECT_FALSE(ParseH264Payload({}));
}

TEST(H264Payload, SurvivesTruncationAndNoise) {
  const auto parse = [](BytesView bytes) { (void)ParseH264Payload(bytes); };
  const ByteVector aggregate = Hex("78 0002 67aa 0001 68 0003 65bbcc");
  ForEachTruncation(aggregate, parse);
  ForEachTruncation(Hex("7c 85 88"), parse);
  ForEachRandomInput(13, 20'000, 32, aggregate, parse);
}

}  // namespace
}  // namespace confab::rtc
