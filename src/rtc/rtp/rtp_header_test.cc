#include "rtc/rtp/rtp_header.h"

#include <gtest/gtest.h>

#include "rtc/rtp/parser_test_support.h"
#include "rtc/rtp/rtp_extensions.h"

namespace confab::rtc {
namespace {

// Marker, payload type 111, two CSRCs, one word of one-byte extension, four octets of payload.
const ByteVector kPacket =
    Hex("92ef 1234 00000102 cafebabe 11111111 22222222 bede0001 10aa3100 01020304");

TEST(RtpHeader, ReadsEveryField) {
  const auto header = ParseRtpHeader(kPacket);
  ASSERT_TRUE(header);
  EXPECT_TRUE(header->marker);
  EXPECT_FALSE(header->has_padding);
  EXPECT_EQ(header->payload_type, PayloadType(111));
  EXPECT_EQ(header->sequence_number, 0x1234);
  EXPECT_EQ(header->timestamp, 0x102u);
  EXPECT_EQ(header->ssrc, Ssrc(0xcafebabe));
  ASSERT_EQ(header->csrc_count(), 2u);
  EXPECT_EQ(header->csrc(0), Ssrc(0x11111111));
  EXPECT_EQ(header->csrc(1), Ssrc(0x22222222));
  EXPECT_EQ(header->extension_profile, kOneByteExtensionProfile);
  EXPECT_EQ(header->extension.size(), 4u);
  EXPECT_EQ(header->header_size, 28u);
  EXPECT_EQ(PayloadOf(*header, kPacket)->size(), 4u);
}

TEST(RtpHeader, RefusesEveryTruncationOfTheHeader) {
  ForEachTruncation(kPacket, [](BytesView bytes) {
    EXPECT_EQ(ParseRtpHeader(bytes).has_value(), bytes.size() >= 28) << bytes.size();
  });
}

TEST(RtpHeader, RefusesOtherVersions) {
  for (const int version : {0, 1, 3}) {
    ByteVector packet = kPacket;
    packet[0] = static_cast<uint8_t>((packet[0] & 0x3f) | version << 6);
    EXPECT_FALSE(ParseRtpHeader(packet));
  }
}

TEST(RtpHeader, TakesAnEmptyPayloadAndAnEmptyExtension) {
  const ByteVector packet = Hex("906f 0001 00000000 00000001 bede0000");
  const auto header = ParseRtpHeader(packet);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->header_size, 16u);
  EXPECT_TRUE(header->extension.empty());
  EXPECT_TRUE(PayloadOf(*header, packet)->empty());
}

TEST(RtpPadding, IsCutOff) {
  const ByteVector packet = Hex("a06f 0001 00000000 00000001 aabb 000003");
  const auto header = ParseRtpHeader(packet);
  ASSERT_TRUE(header);
  EXPECT_TRUE(header->has_padding);
  EXPECT_EQ(PayloadOf(*header, packet)->size(), 2u);
}

TEST(RtpPadding, MayBeAllThereIs) {
  const ByteVector packet = Hex("a06f 0001 00000000 00000001 000003");
  EXPECT_TRUE(PayloadOf(*ParseRtpHeader(packet), packet)->empty());
}

TEST(RtpPadding, IsRefusedWhenItsCountIsImpossible) {
  for (const char* tail : {"", "00", "aa02 00", "04 aabb 05"}) {
    const ByteVector packet = Concat({Hex("a06f 0001 00000000 00000001"), Hex(tail)});
    const auto header = ParseRtpHeader(packet);
    ASSERT_TRUE(header);
    EXPECT_FALSE(PayloadOf(*header, packet)) << tail;
  }
}

TEST(RtpHeader, TellsRtcpByTheSecondOctet) {
  EXPECT_FALSE(LooksLikeRtcp(111));
  EXPECT_FALSE(LooksLikeRtcp(0x80 | 111)) << "marker";
  for (const int type : {192, 200, 201, 202, 203, 204, 205, 206, 207, 223}) {
    EXPECT_TRUE(LooksLikeRtcp(static_cast<uint8_t>(type)));
  }
}

TEST(RtpHeader, SurvivesRandomInput) {
  ForEachRandomInput(11, 10'000, 80, kPacket, [](BytesView bytes) {
    const auto header = ParseRtpHeader(bytes);
    if (!header) return;
    ASSERT_LE(header->header_size, bytes.size());
    size_t octets = 0;
    ForEachExtension(*header, [&octets](const ExtensionElement& element) {
      for (const uint8_t octet : element.value) octets += octet;
    });
    (void)PayloadOf(*header, bytes);
  });
}

}  // namespace
}  // namespace confab::rtc
