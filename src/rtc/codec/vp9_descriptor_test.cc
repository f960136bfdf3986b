#include "rtc/codec/vp9_descriptor.h"

#include <gtest/gtest.h>

#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {
namespace {

// I L B V, picture id 0x0102, layers TID 0 SID 0, TL0 7, structure of 2 layers with sizes and a
// group of two pictures with 1 and 2 references.
constexpr const char* kKeyframe = "aa 8102 00 07 38 0140 00b4 0280 0168 02 04 01 28 01 02 ff";
// I P L F E, picture id 5, layers TID 1 U SID 2 D, references 3 and 1.
constexpr const char* kFlexible = "f4 05 35 07 02 ff";

TEST(Vp9Descriptor, ReadsAKeyframeWithStructure) {
  const ByteVector payload = Hex(kKeyframe);
  const auto descriptor = ParseVp9Descriptor(payload);
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->picture_id, 0x102);
  EXPECT_TRUE(descriptor->long_picture_id);
  EXPECT_TRUE(descriptor->has_layers);
  EXPECT_EQ(descriptor->tl0_picture_index, 7);
  EXPECT_EQ(descriptor->spatial_layer_count, 2);
  EXPECT_TRUE(descriptor->starts_frame);
  EXPECT_FALSE(descriptor->ends_frame);
  EXPECT_TRUE(descriptor->keyframe());
  EXPECT_EQ(descriptor->size, payload.size() - 1);
  EXPECT_EQ(descriptor->rewritten_size, 5u);
}

TEST(Vp9Descriptor, ReadsFlexibleMode) {
  const auto descriptor = ParseVp9Descriptor(Hex(kFlexible));
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->picture_id, 5);
  EXPECT_FALSE(descriptor->long_picture_id);
  EXPECT_EQ(descriptor->temporal_id, 1);
  EXPECT_EQ(descriptor->spatial_id, 2);
  EXPECT_TRUE(descriptor->switching_up_point);
  EXPECT_TRUE(descriptor->inter_layer_dependency);
  EXPECT_FALSE(descriptor->tl0_picture_index) << "flexible mode has none";
  EXPECT_FALSE(descriptor->keyframe());
  EXPECT_EQ(descriptor->size, 5u);
}

TEST(Vp9Descriptor, CallsOnlyTheLowestLayersStartAKeyframe) {
  EXPECT_TRUE(ParseVp9Descriptor(Hex("08 ff"))->keyframe()) << "no layers at all";
  EXPECT_FALSE(ParseVp9Descriptor(Hex("00 ff"))->keyframe()) << "not the first packet";
  EXPECT_FALSE(ParseVp9Descriptor(Hex("48 ff"))->keyframe()) << "inter picture";
  EXPECT_FALSE(ParseVp9Descriptor(Hex("28 03 00 ff"))->keyframe()) << "spatial layer 1";
}

TEST(Vp9Descriptor, RefusesAReferenceListWithoutEnd) {
  EXPECT_FALSE(ParseVp9Descriptor(Hex("d0 05 03 03 03 ff")));
  EXPECT_TRUE(ParseVp9Descriptor(Hex("d0 05 03 03 02 ff")));
}

TEST(Vp9Descriptor, RefusesEveryTruncation) {
  for (const char* text : {kKeyframe, kFlexible}) {
    const ByteVector payload = Hex(text);
    ForEachTruncation(payload, [&payload](BytesView bytes) {
      EXPECT_EQ(ParseVp9Descriptor(bytes).has_value(), bytes.size() == payload.size());
    });
  }
}

TEST(Vp9Rewrite, PutsInOtherNumbersAndKeepsTheRest) {
  const auto rewrite = [](const char* text, const Vp9Rewrite& numbers) {
    const ByteVector payload = Hex(text);
    ExactCopy out{ByteVector(kMaxVp9RewrittenSize)};
    const size_t size =
        RewriteVp9Descriptor(payload, *ParseVp9Descriptor(payload), numbers, out.bytes());
    return ByteVector(out.view().begin(), out.view().begin() + static_cast<ptrdiff_t>(size));
  };
  EXPECT_EQ(rewrite(kKeyframe, {.picture_id = 0x7ffe, .tl0_picture_index = 9}),
            Hex("aa fffe 00 09"));
  EXPECT_EQ(rewrite(kFlexible, {.picture_id = 1}), Hex("f4 8001 35"));
  EXPECT_EQ(rewrite("08 ff", {.picture_id = 1}), Hex("08"));
}

TEST(Vp9Descriptor, SurvivesNoiseAndRewritesToTheSame) {
  ForEachRandomInput(3, 20'000, 24, Hex(kKeyframe), [](BytesView bytes) {
    const auto before = ParseVp9Descriptor(bytes);
    if (!before) return;
    ASSERT_LT(before->size, bytes.size());
    ExactCopy out{ByteVector(kMaxVp9RewrittenSize)};
    const Vp9Rewrite numbers{.picture_id = before->picture_id.value_or(0),
                             .tl0_picture_index = before->tl0_picture_index.value_or(0)};
    const size_t size = RewriteVp9Descriptor(bytes, *before, numbers, out.bytes());
    const auto after =
        ParseVp9Descriptor(Concat({out.view().first(size), bytes.subspan(before->rewritten_size)}));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->picture_id, before->picture_id);
    EXPECT_EQ(after->tl0_picture_index, before->tl0_picture_index);
    EXPECT_EQ(after->spatial_id, before->spatial_id);
    EXPECT_EQ(after->temporal_id, before->temporal_id);
    EXPECT_EQ(after->spatial_layer_count, before->spatial_layer_count);
  });
}

}  // namespace
}  // namespace confab::rtc
