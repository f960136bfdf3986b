#include <gtest/gtest.h>

#include "rtc/rtcp/bye.h"
#include "rtc/rtcp/extended_report.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtcp/rtcp_test_support.h"
#include "rtc/rtcp/sdes.h"
#include "rtc/rtcp/sender_report.h"

namespace confab::rtc {
namespace {

const ReportBlock kBlock{.ssrc = Ssrc(0xaabbccdd),
                         .fraction_lost_q8 = 0x55,
                         .cumulative_lost = -2,
                         .extended_highest_sequence = 0x00011234,
                         .jitter = 17,
                         .last_sender_report = 0x01020304,
                         .delay_since_report_q16 = 0x00010000};
constexpr const char* kBlockHex = "aabbccdd 55fffffe 00011234 00000011 01020304 00010000";

TEST(SenderReport, RoundTripsWithReportBlocks) {
  const SenderReport report{.sender = Ssrc(0xcafebabe),
                            .ntp = NtpTime(0x1111111122222222),
                            .rtp_timestamp = 0x33333333,
                            .packet_count = 4,
                            .octet_count = 5,
                            .reports = {kBlock, kBlock}};
  const ByteVector packet = Written(report);
  EXPECT_EQ(packet, Concat({Hex("82c80012 cafebabe 11111111 22222222 33333333 00000004 00000005"),
                            Hex(kBlockHex), Hex(kBlockHex)}));
  const auto parsed = Parsed<SenderReport>(packet);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->sender, report.sender);
  EXPECT_EQ(parsed->ntp, report.ntp);
  EXPECT_EQ(parsed->rtp_timestamp, report.rtp_timestamp);
  EXPECT_EQ(parsed->packet_count, 4u);
  EXPECT_EQ(parsed->octet_count, 5u);
  EXPECT_EQ(parsed->reports, report.reports);
  ExpectParserStaysInBounds<SenderReport>(packet, 2);
}

TEST(SenderReport, IgnoresProfileExtensionsAndRefusesMissingBlocks) {
  EXPECT_TRUE(Parsed<SenderReport>(
      Hex("80c80007 cafebabe 11111111 22222222 33333333 00000004 00000005 deadbeef")));
  EXPECT_FALSE(
      Parsed<SenderReport>(Hex("81c80006 cafebabe 11111111 22222222 33333333 00000004 00000005")));
}

TEST(ReceiverReport, RoundTripsWithEveryCount) {
  for (size_t count = 0; count <= kMaxReportBlocks; ++count) {
    ReceiverReport report{.sender = Ssrc(1)};
    for (size_t i = 0; i < count; ++i) {
      ReportBlock block = kBlock;
      block.jitter = static_cast<uint32_t>(i);
      ASSERT_TRUE(report.reports.Add(block));
    }
    const auto parsed = Parsed<ReceiverReport>(Written(report));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->reports, report.reports);
  }
  ExpectParserStaysInBounds<ReceiverReport>(
      Written(ReceiverReport{.sender = Ssrc(1), .reports = {kBlock, kBlock}}), 2);
}

TEST(ReceiverReport, WritesNothingBeyondItsBuffer) {
  const ReceiverReport report{.sender = Ssrc(1), .reports = {kBlock}};
  const size_t size = Written(report).size();
  for (size_t i = 0; i < size; ++i) EXPECT_TRUE(Written(report, i).empty());
}

TEST(Sdes, RoundTripsCnamesOfEveryAlignment) {
  const std::string name = "participant-name";
  for (size_t size = 0; size <= name.size(); ++size) {
    Sdes sdes;
    ASSERT_TRUE(sdes.chunks.Add({Ssrc(1), std::string_view(name).substr(0, size)}));
    ASSERT_TRUE(sdes.chunks.Add({Ssrc(2), "b"}));
    const ByteVector packet = Written(sdes);
    EXPECT_EQ(packet.size() % 4, 0u);
    const auto parsed = Parsed<Sdes>(packet);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->chunks, sdes.chunks);
    ExpectParserStaysInBounds<Sdes>(packet, 2);
  }
}

TEST(Sdes, KeepsTheCnameAmongOtherItems) {
  // TOOL "x", CNAME "ab", PRIV of nothing.
  const ByteVector packet = Hex("81ca0004 00000009 060178 01026162 0800 00 0000");
  const auto parsed = Parsed<Sdes>(packet);
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->chunks.size(), 1u);
  EXPECT_EQ(parsed->chunks[0], (Sdes::Chunk{Ssrc(9), "ab"}));
}

TEST(Sdes, RefusesAnItemThatPassesTheEnd) {
  EXPECT_FALSE(Parsed<Sdes>(Hex("81ca0002 00000009 01056162")));
  EXPECT_FALSE(Parsed<Sdes>(Hex("81ca0002 00000009 01026162"))) << "no end octet";
}

TEST(Bye, RoundTripsAndIgnoresTheReason) {
  const Bye bye{.ssrcs = {Ssrc(1), Ssrc(0xffffffff)}};
  const ByteVector packet = Written(bye);
  EXPECT_EQ(packet, Hex("82cb0002 00000001 ffffffff"));
  EXPECT_EQ(Parsed<Bye>(packet)->ssrcs, bye.ssrcs);
  EXPECT_EQ(Parsed<Bye>(Hex("81cb0003 00000001 05676f6e 65210000"))->ssrcs.size(), 1u);
  EXPECT_TRUE(Parsed<Bye>(Hex("80cb0000"))->ssrcs.empty());
  ExpectParserStaysInBounds<Bye>(packet, 2);
}

TEST(ExtendedReport, ReadsTheReferenceTimeAndStepsOverOtherBlocks) {
  const ExtendedReport report{.sender = Ssrc(7),
                              .receiver_reference_time = NtpTime(0x0102030405060708)};
  const ByteVector packet = Written(report);
  EXPECT_EQ(packet, Hex("80cf0004 00000007 04000002 01020304 05060708"));
  EXPECT_EQ(Parsed<ExtendedReport>(packet)->receiver_reference_time,
            report.receiver_reference_time);
  const auto mixed = Parsed<ExtendedReport>(
      Hex("80cf0007 00000007 05000001 ffffffff 2a000000 04000002 01020304 05060708"));
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->receiver_reference_time, report.receiver_reference_time);
  EXPECT_FALSE(Parsed<ExtendedReport>(Hex("80cf0001 00000007"))->receiver_reference_time);
  EXPECT_FALSE(Parsed<ExtendedReport>(Hex("80cf0002 00000007 05000002")));
  ExpectParserStaysInBounds<ExtendedReport>(packet, 0);
}

}  // namespace
}  // namespace confab::rtc
