#include "rtc/codec/frame_traits.h"

#include <gtest/gtest.h>

#include "rtc/codec/av1_payload.h"
#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {
namespace {

struct Case {
  const char* name;
  CodecType codec;
  bool marker;
  const char* payload;
  const char* dependency_descriptor;
  FrameTraits expected;
};

const Case kCases[] = {
    {"Opus", CodecType::kOpus, true, "fc01", "", {.starts_frame = true, .ends_frame = true}},
    {"VP8 keyframe start",
     CodecType::kVp8,
     false,
     "90 80 05 00",
     "",
     {.keyframe = true, .starts_frame = true}},
    {"VP8 last packet, layer 1, sync",
     CodecType::kVp8,
     true,
     "80 20 60 01",
     "",
     {.ends_frame = true, .temporal_id = 1, .layer_sync = true}},
    {"VP9 keyframe of one packet",
     CodecType::kVp9,
     true,
     "0c ff",
     "",
     {.keyframe = true, .starts_frame = true, .ends_frame = true}},
    {"VP9 upper layer ends before the picture",
     CodecType::kVp9,
     false,
     "64 33 00 ff",
     "",
     {.ends_frame = true, .temporal_id = 1, .spatial_id = 1, .layer_sync = true}},
    {"H264 parameter sets",
     CodecType::kH264,
     false,
     "78 0002 67aa 0001 68",
     "",
     {.keyframe = true, .starts_frame = true}},
    {"H264 IDR", CodecType::kH264, false, "7c 85 88", "", {.keyframe = true}},
    {"H264 slice", CodecType::kH264, true, "41 9a", "", {.ends_frame = true}},
    {"AV1 new sequence",
     CodecType::kAv1,
     false,
     "18 0a",
     "",
     {.keyframe = true, .starts_frame = true}},
    {"AV1 by descriptor", CodecType::kAv1, true, "10 0a", "850001", {.starts_frame = true}},
    {"AV1 keyframe by descriptor",
     CodecType::kAv1,
     false,
     "10 0a",
     "c0000180",
     {.keyframe = true, .starts_frame = true, .ends_frame = true}},
    {"AV1 without descriptor", CodecType::kAv1, true, "90 0a", "", {.ends_frame = true}},
};

TEST(FrameTraits, TellEachCodecsPackets) {
  for (const Case& test : kCases) {
    const ByteVector payload = Hex(test.payload);
    const ByteVector descriptor = Hex(test.dependency_descriptor);
    const auto traits = ReadFrameTraits({.codec = test.codec,
                                         .marker = test.marker,
                                         .payload = payload,
                                         .dependency_descriptor = descriptor});
    ASSERT_TRUE(traits) << test.name;
    EXPECT_EQ(*traits, test.expected) << test.name;
  }
}

TEST(FrameTraits, RefuseAnEmptyPayload) {
  for (const CodecType codec :
       {CodecType::kOpus, CodecType::kVp8, CodecType::kVp9, CodecType::kH264, CodecType::kAv1}) {
    EXPECT_FALSE(ReadFrameTraits({.codec = codec}));
  }
}

TEST(Av1Payload, ReadsTheAggregationHeader) {
  const auto payload = ParseAv1Payload(Hex("e0 01"));
  ASSERT_TRUE(payload);
  EXPECT_TRUE(payload->continues_element);
  EXPECT_TRUE(payload->element_continues);
  EXPECT_EQ(payload->element_count, 2);
  EXPECT_FALSE(payload->starts_coded_sequence);
  EXPECT_TRUE(ParseAv1Payload(Hex("08 01"))->starts_coded_sequence);
  EXPECT_FALSE(ParseAv1Payload(Hex("88 01"))) << "N with Z";
  EXPECT_FALSE(ParseAv1Payload(Hex("08")));
  EXPECT_FALSE(ParseAv1Payload({}));
}

TEST(FrameTraits, SurviveNoise) {
  ForEachRandomInput(14, 5'000, 24, {}, [](BytesView bytes) {
    for (const CodecType codec :
         {CodecType::kOpus, CodecType::kVp8, CodecType::kVp9, CodecType::kH264, CodecType::kAv1}) {
      (void)ReadFrameTraits({.codec = codec, .payload = bytes, .dependency_descriptor = bytes});
    }
  });
}

}  // namespace
}  // namespace confab::rtc
