#include "sfu/parameters/codec.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

TEST(Codec, TakesTheKindFromTheMimeType) {
  EXPECT_EQ(KindOfMimeType("audio/opus"), rtc::MediaKind::kAudio);
  EXPECT_EQ(KindOfMimeType("VIDEO/vp8"), rtc::MediaKind::kVideo);
  for (const char* other :
       {"", "/", "audio", "video", "text/plain", "audiox/opus", " audio/opus"}) {
    EXPECT_EQ(KindOfMimeType(other), std::nullopt) << other;
  }
}

TEST(Codec, KnowsRtxInAnyCase) {
  EXPECT_TRUE(IsRtx("video/rtx"));
  EXPECT_TRUE(IsRtx("Audio/RTX"));
  EXPECT_FALSE(IsRtx("video/rtxx"));
  EXPECT_FALSE(IsRtx("rtx"));
}

TEST(Codec, ReadsNumbersStrictly) {
  const CodecSettings settings{{"good", "42"},
                               {"largest", "4294967295"},
                               {"too-large", "4294967296"},
                               {"negative", "-1"},
                               {"padded", " 1"},
                               {"trailing", "1x"},
                               {"empty", ""},
                               {"hex", "0x10"}};
  EXPECT_EQ(NumberSetting(settings, "good", 7), 42U);
  EXPECT_EQ(NumberSetting(settings, "largest", 7), UINT32_MAX);
  EXPECT_EQ(NumberSetting(settings, "absent", 7), 7U);
  for (const char* bad : {"too-large", "negative", "padded", "trailing", "empty", "hex"}) {
    EXPECT_EQ(NumberSetting(settings, bad, 7), std::nullopt) << bad;
  }
}

TEST(Codec, FindsTheRepairedPayloadTypeOnlyInRange) {
  EXPECT_EQ(AssociatedPayloadType({{"apt", "0"}}), 0);
  EXPECT_EQ(AssociatedPayloadType({{"apt", "127"}}), 127);
  EXPECT_EQ(AssociatedPayloadType({{"apt", "128"}}), std::nullopt);
  EXPECT_EQ(AssociatedPayloadType({{"apt", "352"}}), std::nullopt);  // 96 in its low byte
  EXPECT_EQ(AssociatedPayloadType({{"apt", "x"}}), std::nullopt);
  EXPECT_EQ(AssociatedPayloadType({}), std::nullopt);
}

TEST(Codec, CountsOneChannelForAudioThatDoesNotSayAndNoneForVideo) {
  EXPECT_EQ(ViewOf(RtpCodecParameters{.mime_type = "audio/PCMU"}).channels, 1);
  EXPECT_EQ(ViewOf(RtpCodecParameters{.mime_type = "audio/opus", .channels = 2}).channels, 2);
  EXPECT_EQ(ViewOf(RtpCodecCapability{.mime_type = "video/VP8", .channels = 2}).channels, 0);
}

}  // namespace
}  // namespace confab::sfu
