#include "rtc/rtcp/transport_feedback.h"

#include <gtest/gtest.h>

#include "rtc/rtcp/rtcp_test_support.h"

namespace confab::rtc {
namespace {

std::vector<PacketStatus> Statuses(const TransportFeedback& feedback) {
  std::vector<PacketStatus> statuses;
  feedback.ForEachStatus([&statuses](const PacketStatus& status) { statuses.push_back(status); });
  return statuses;
}

// Base 0xfffe, 5 packets, reference time -1, feedback 9; a one-bit vector 10110…, three deltas of
// which one octet of fill follows.
constexpr const char* kOneBit = "8fcd0006 00000001 00000002 fffe0005 ffffff09 ac000402 08000000";

TEST(TransportFeedback, ReadsAOneBitVectorAcrossTheWrap) {
  const ByteVector packet = Hex(kOneBit);
  const auto feedback = Parsed<TransportFeedback>(packet);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->sender, Ssrc(1));
  EXPECT_EQ(feedback->media, Ssrc(2));
  EXPECT_EQ(feedback->reference_time(), TimeDelta::Millis(-64));
  EXPECT_EQ(feedback->feedback_count, 9);
  const std::vector<PacketStatus> expected = {{0xfffe, TimeDelta::Micros(1000)},
                                              {0xffff, std::nullopt},
                                              {0, TimeDelta::Micros(1500)},
                                              {1, TimeDelta::Micros(3500)},
                                              {2, std::nullopt}};
  EXPECT_EQ(Statuses(*feedback), expected);
}

TEST(TransportFeedback, ReadsTwoBitVectorsAndNegativeDeltas) {
  // 0 2 1 2 …: large -4, small 8, large 1000.
  const ByteVector packet = Hex("8fcd0006 00000001 00000002 00010004 00000100 c980fffc 0803e800");
  const auto feedback = Parsed<TransportFeedback>(packet);
  ASSERT_TRUE(feedback);
  const std::vector<PacketStatus> expected = {{1, std::nullopt},
                                              {2, TimeDelta::Micros(-1000)},
                                              {3, TimeDelta::Micros(1000)},
                                              {4, TimeDelta::Micros(251'000)}};
  EXPECT_EQ(Statuses(*feedback), expected);
}

TEST(TransportFeedback, ReadsRunsAndSkipsEmptyOnes) {
  // An empty run, 300 missing, 2 received.
  const ByteVector packet = Hex("8fcd0006 00000001 00000002 0000012e 00000100 0000012c 20020102");
  const auto feedback = Parsed<TransportFeedback>(packet);
  ASSERT_TRUE(feedback);
  const std::vector<PacketStatus> statuses = Statuses(*feedback);
  ASSERT_EQ(statuses.size(), 302u);
  EXPECT_FALSE(statuses[299].arrival);
  EXPECT_EQ(statuses[301], (PacketStatus{301, TimeDelta::Micros(750)}));
}

TEST(TransportFeedback, RefusesWhatDoesNotAddUp) {
  EXPECT_FALSE(Parsed<TransportFeedback>(Hex("8fcd0004 00000001 00000002 00010001 00000100")))
      << "no chunk";
  EXPECT_FALSE(
      Parsed<TransportFeedback>(Hex("8fcd0005 00000001 00000002 00010000 00000100 20010000")))
      << "no packets";
  EXPECT_FALSE(
      Parsed<TransportFeedback>(Hex("8fcd0005 00000001 00000002 00010003 00000100 20030101")))
      << "a delta is missing";
  EXPECT_FALSE(
      Parsed<TransportFeedback>(Hex("8fcd0005 00000001 00000002 00010001 00000100 60010101")))
      << "reserved symbol in a run";
  EXPECT_FALSE(
      Parsed<TransportFeedback>(Hex("8fcd0005 00000001 00000002 00010001 00000100 f0000101")))
      << "reserved symbol in a vector";
}

TEST(TransportFeedback, StaysInBounds) {
  const auto read = [](BytesView body) {
    if (const auto feedback = TransportFeedback::Parse({.count_or_format = 15, .body = body})) {
      EXPECT_EQ(Statuses(*feedback).size(), feedback->status_count);
    }
  };
  const ByteVector packet = Hex(kOneBit);
  ForEachTruncation(BytesView(packet).subspan(4), read);
  ForEachRandomInput(17, 5'000, 60, BytesView(packet).subspan(4), read);
}

}  // namespace
}  // namespace confab::rtc
