#include "rtc/codec/vp8_descriptor.h"

#include <gtest/gtest.h>

#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {
namespace {

ByteVector Rewritten(const Vp8Descriptor& descriptor, const Vp8Rewrite& rewrite) {
  ExactCopy out{ByteVector(kMaxVp8DescriptorSize, 0xee)};
  const size_t size = RewriteVp8Descriptor(descriptor, rewrite, out.bytes());
  return {out.view().begin(), out.view().begin() + static_cast<ptrdiff_t>(size)};
}

TEST(Vp8Descriptor, ReadsTheShortestForm) {
  const auto descriptor = ParseVp8Descriptor(Hex("10 00"));
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->size, 1u);
  EXPECT_TRUE(descriptor->starts_frame());
  EXPECT_TRUE(descriptor->keyframe);
  EXPECT_FALSE(descriptor->picture_id);
  EXPECT_FALSE(descriptor->tl0_picture_index);
  EXPECT_FALSE(descriptor->temporal_id);
}

TEST(Vp8Descriptor, ReadsEveryField) {
  // X N S, I L T K, picture id 0x1234 in 15 bits, TL0 0x56, TID 2, Y, KEYIDX 9.
  const auto descriptor = ParseVp8Descriptor(Hex("b0 f0 9234 56 a9 01"));
  ASSERT_TRUE(descriptor);
  EXPECT_TRUE(descriptor->non_reference);
  EXPECT_EQ(descriptor->picture_id, 0x1234);
  EXPECT_TRUE(descriptor->long_picture_id);
  EXPECT_EQ(descriptor->tl0_picture_index, 0x56);
  EXPECT_EQ(descriptor->temporal_id, 2);
  EXPECT_TRUE(descriptor->layer_sync);
  EXPECT_EQ(descriptor->key_index, 9);
  EXPECT_EQ(descriptor->size, 6u);
  EXPECT_FALSE(descriptor->keyframe) << "P is 1";
}

TEST(Vp8Descriptor, CallsOnlyTheFirstPacketOfAKeyframeOne) {
  EXPECT_TRUE(ParseVp8Descriptor(Hex("90 80 05 00"))->keyframe);
  EXPECT_FALSE(ParseVp8Descriptor(Hex("90 80 05 01"))->keyframe) << "inter frame";
  EXPECT_FALSE(ParseVp8Descriptor(Hex("80 80 05 00"))->keyframe) << "not the start of a partition";
  EXPECT_FALSE(ParseVp8Descriptor(Hex("91 80 05 00"))->keyframe) << "second partition";
}

TEST(Vp8Descriptor, RefusesEveryTruncation) {
  for (const char* text : {"10 00", "90 80 05 00", "b0 f0 9234 56 a9 01", "90 10 1f 00"}) {
    const ByteVector payload = Hex(text);
    ForEachTruncation(payload, [&payload](BytesView bytes) {
      EXPECT_EQ(ParseVp8Descriptor(bytes).has_value(), bytes.size() == payload.size());
    });
  }
}

TEST(Vp8Rewrite, PutsInOtherNumbersAndKeepsTheRest) {
  const Vp8Rewrite rewrite{.picture_id = 0x7fff, .tl0_picture_index = 0x01};
  EXPECT_EQ(Rewritten(*ParseVp8Descriptor(Hex("b0 f0 9234 56 a9 01")), rewrite),
            Hex("b0 f0 ffff 01 a9"));
  EXPECT_EQ(Rewritten(*ParseVp8Descriptor(Hex("10 00")), rewrite), Hex("10"));
  EXPECT_EQ(Rewritten(*ParseVp8Descriptor(Hex("90 e0 05 06 40 00")), {.picture_id = 6}),
            Hex("90 e0 8006 00 40"))
      << "a short picture id becomes a long one";
}

TEST(Vp8Rewrite, OfTheSameNumbersParsesToTheSameDescriptor) {
  ForEachRandomInput(8, 20'000, 8, Hex("b0 f0 9234 56 a9 01"), [](BytesView bytes) {
    const auto before = ParseVp8Descriptor(bytes);
    if (!before) return;
    ASSERT_LE(before->size, kMaxVp8DescriptorSize);
    ByteVector payload =
        Rewritten(*before, {.picture_id = before->picture_id.value_or(0),
                            .tl0_picture_index = before->tl0_picture_index.value_or(0)});
    payload.insert(payload.end(), bytes.begin() + static_cast<ptrdiff_t>(before->size),
                   bytes.end());
    const auto after = ParseVp8Descriptor(payload);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->picture_id, before->picture_id);
    EXPECT_EQ(after->tl0_picture_index, before->tl0_picture_index);
    EXPECT_EQ(after->temporal_id, before->temporal_id);
    EXPECT_EQ(after->key_index, before->key_index);
    EXPECT_EQ(after->layer_sync, before->layer_sync);
    EXPECT_EQ(after->partition_id, before->partition_id);
    EXPECT_EQ(after->keyframe, before->keyframe);
  });
}

}  // namespace
}  // namespace confab::rtc
