#include "rtc/rtp/rtp_writer.h"

#include <gtest/gtest.h>

#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {
namespace {

ByteVector Write(const RtpHeaderFields& fields) {
  ExactCopy out{ByteVector(RtpHeaderSize(fields), 0xee)};
  const size_t size = WriteRtpHeader(fields, out.bytes());
  EXPECT_EQ(size, out.view().size());
  return {out.view().begin(), out.view().begin() + static_cast<ptrdiff_t>(size)};
}

TEST(RtpWriter, WritesTheFixedHeader) {
  EXPECT_EQ(Write({.marker = true,
                   .payload_type = PayloadType(96),
                   .sequence_number = 0x1234,
                   .timestamp = 0x56789abc,
                   .ssrc = Ssrc(0xcafebabe)}),
            Hex("80e0 1234 56789abc cafebabe"));
}

TEST(RtpWriter, WritesCsrcsAndOneByteExtensions) {
  const Ssrc csrcs[] = {Ssrc(0x11111111)};
  const ByteVector level = Hex("aa");
  const ByteVector number = Hex("0102");
  const ExtensionElement extensions[] = {{1, level}, {0, level}, {14, number}};
  EXPECT_EQ(Write({.payload_type = PayloadType(111),
                   .ssrc = Ssrc(5),
                   .csrcs = csrcs,
                   .extensions = extensions}),
            Hex("916f 0000 00000000 00000005 11111111 bede0002 10aa e10102 000000"));
}

TEST(RtpWriter, TakesTheTwoByteFormWhenItMust) {
  const ByteVector one = Hex("aa");
  const ByteVector seventeen(17, 0x55);
  const auto profile_with = [&one](const ExtensionElement& element) {
    const ExtensionElement extensions[] = {{1, one}, element};
    const ByteVector packet = Write({.extensions = extensions});
    return LoadU16(&packet[12]);
  };
  EXPECT_EQ(profile_with({14, one}), kOneByteExtensionProfile);
  EXPECT_EQ(profile_with({15, one}), kTwoByteExtensionProfile);
  EXPECT_EQ(profile_with({2, seventeen}), kTwoByteExtensionProfile);
  EXPECT_EQ(profile_with({2, BytesView(seventeen).first(16)}), kOneByteExtensionProfile);
  EXPECT_EQ(profile_with({2, {}}), kTwoByteExtensionProfile);
}

TEST(RtpWriter, RefusesWhatDoesNotFit) {
  const ByteVector value = Hex("aabb");
  const ExtensionElement extensions[] = {{3, value}};
  const RtpHeaderFields fields{.extensions = extensions};
  for (size_t size = 0; size < RtpHeaderSize(fields); ++size) {
    ExactCopy out{ByteVector(size)};
    EXPECT_EQ(WriteRtpHeader(fields, out.bytes()), 0u);
  }
  const std::vector<Ssrc> csrcs(16);
  ByteVector out(200);
  EXPECT_EQ(WriteRtpHeader({.csrcs = csrcs}, out), 0u);
  const ByteVector too_long(256);
  const ExtensionElement long_extension[] = {{3, too_long}};
  ByteVector large(400);
  EXPECT_EQ(WriteRtpHeader({.extensions = long_extension}, large), 0u);
}

// Whatever is written is read back.
TEST(RtpWriter, RoundTripsRandomHeaders) {
  Prng random(9);
  for (int i = 0; i < 5'000; ++i) {
    std::vector<Ssrc> csrcs(random.Below(kMaxRtpCsrcs + 1));
    for (Ssrc& csrc : csrcs) csrc = Ssrc(random.U32());
    std::vector<ByteVector> values(random.Below(5));
    std::vector<ExtensionElement> extensions;
    for (size_t k = 0; k < values.size(); ++k) {
      values[k].resize(random.Below(20));
      random.Fill(values[k]);
      extensions.push_back({static_cast<uint8_t>(k * 4 + random.Below(4) + 1), values[k]});
    }
    const RtpHeaderFields fields{
        .marker = random.Below(2) == 1,
        .payload_type = PayloadType(static_cast<uint8_t>(random.Below(128))),
        .sequence_number = static_cast<uint16_t>(random.Next()),
        .timestamp = random.U32(),
        .ssrc = Ssrc(random.U32()),
        .csrcs = csrcs,
        .extensions = extensions};
    const ByteVector packet = Write(fields);
    const auto header = ParseRtpHeader(packet);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->header_size, packet.size());
    EXPECT_EQ(header->marker, fields.marker);
    EXPECT_EQ(header->payload_type, fields.payload_type);
    EXPECT_EQ(header->sequence_number, fields.sequence_number);
    EXPECT_EQ(header->timestamp, fields.timestamp);
    EXPECT_EQ(header->ssrc, fields.ssrc);
    ASSERT_EQ(header->csrc_count(), csrcs.size());
    for (size_t k = 0; k < csrcs.size(); ++k) EXPECT_EQ(header->csrc(k), csrcs[k]);
    size_t found = 0;
    ForEachExtension(*header, [&](const ExtensionElement& element) {
      ASSERT_LT(found, extensions.size());
      EXPECT_EQ(element.id, extensions[found].id);
      EXPECT_TRUE(std::ranges::equal(element.value, values[found]));
      ++found;
    });
    EXPECT_EQ(found, extensions.size());
  }
}

}  // namespace
}  // namespace confab::rtc
