#include "rtc/rtp/rtp_extensions.h"

#include <gtest/gtest.h>

#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {
namespace {

using Elements = std::vector<std::pair<int, ByteVector>>;

RtpHeader HeaderWith(uint16_t profile, BytesView block) {
  return {.extension_profile = profile, .extension = block};
}

Elements Read(uint16_t profile, BytesView block) {
  const ExactCopy copy(block);
  Elements elements;
  ForEachExtension(HeaderWith(profile, copy.view()), [&elements](const ExtensionElement& element) {
    elements.emplace_back(element.id, ByteVector(element.value.begin(), element.value.end()));
  });
  return elements;
}

TEST(RtpExtensions, ReadOneByteElementsAndSkipPadding) {
  const Elements expected = {{1, Hex("aa")}, {4, Hex("010203")}, {14, Hex("ff")}};
  EXPECT_EQ(Read(kOneByteExtensionProfile, Hex("10aa 00 42010203 0000 e0ff 00")), expected);
}

TEST(RtpExtensions, ReadTwoByteElementsAlsoEmptyOnes) {
  const Elements expected = {{1, {}}, {20, Hex("0102")}, {15, Hex("ff")}};
  EXPECT_EQ(Read(kTwoByteExtensionProfile, Hex("0100 14020102 00 0f01ff 00")), expected);
  EXPECT_EQ(Read(kTwoByteExtensionProfile | 7, Hex("0100 14020102 00 0f01ff 00")), expected)
      << "the last four bits are the application's";
}

TEST(RtpExtensions, StopAtTheReservedId) {
  const Elements expected = {{1, Hex("aa")}};
  EXPECT_EQ(Read(kOneByteExtensionProfile, Hex("10aa f0bb 20cc 0000")), expected);
}

TEST(RtpExtensions, StopAtPaddingThatHasALength) {
  const Elements expected = {{1, Hex("aa")}};
  EXPECT_EQ(Read(kOneByteExtensionProfile, Hex("10aa 01bbcc 20dd 0000")), expected);
}

TEST(RtpExtensions, StopWhereALengthPassesTheEnd) {
  const Elements expected = {{1, Hex("aa")}};
  EXPECT_EQ(Read(kOneByteExtensionProfile, Hex("10aa 2f01")), expected);
  EXPECT_EQ(Read(kTwoByteExtensionProfile, Hex("0101aa 020501")), expected);
  EXPECT_EQ(Read(kTwoByteExtensionProfile, Hex("0101aa 02")), expected);
}

TEST(RtpExtensions, IgnoreOtherProfiles) {
  EXPECT_TRUE(Read(0x1234, Hex("10aa 0000")).empty());
  EXPECT_TRUE(Read(0, {}).empty());
}

TEST(RtpExtensions, FindTheFirstElementOfAnId) {
  const ByteVector block = Hex("10aa 20bb 10cc 0000");
  const RtpHeader header = HeaderWith(kOneByteExtensionProfile, block);
  EXPECT_EQ(FindExtension(header, 1)->front(), 0xaa);
  EXPECT_EQ(FindExtension(header, 2)->front(), 0xbb);
  EXPECT_FALSE(FindExtension(header, 3));
  EXPECT_FALSE(FindExtension(header, 0)) << "0 is padding";
}

TEST(RtpExtensions, SurviveEveryTruncationAndRandomBlocks) {
  const auto walk = [](BytesView bytes) {
    for (const uint16_t profile : {kOneByteExtensionProfile, kTwoByteExtensionProfile}) {
      Read(profile, bytes);
    }
  };
  const ByteVector block = Hex("10aa 00 42010203 0000 e0ff 2301020304");
  ForEachTruncation(block, walk);
  ForEachRandomInput(5, 10'000, 40, block, walk);
}

}  // namespace
}  // namespace confab::rtc
