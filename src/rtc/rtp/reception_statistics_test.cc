#include "rtc/rtp/reception_statistics.h"

#include <gtest/gtest.h>

namespace confab::rtc {
namespace {

constexpr Ssrc kSsrc{7};
constexpr uint32_t kClockRate = 90'000;

class ReceptionStatisticsTest : public testing::Test {
 protected:
  // A packet each 10 ms, on time.
  void Receive(uint32_t sequence) {
    statistics_.OnPacket(static_cast<uint16_t>(sequence), sequence * (kClockRate / 100), 1000,
                         Timestamp::Millis(int64_t{sequence} * 10));
  }
  void ReceiveRange(uint32_t from, uint32_t to) {
    for (uint32_t sequence = from; sequence < to; ++sequence) Receive(sequence);
  }
  ReportBlock Report() { return statistics_.TakeReport(Timestamp::Millis(100'000)); }

  ReceptionStatistics statistics_{kSsrc, kClockRate};
};

TEST_F(ReceptionStatisticsTest, ReportsNothingBeforeTheFirstPacket) {
  EXPECT_EQ(Report(), (ReportBlock{.ssrc = kSsrc}));
}

TEST_F(ReceptionStatisticsTest, CountsLossInTheIntervalAndInAll) {
  ReceiveRange(100, 150);
  ReceiveRange(200, 250);  // 50 of 150 are missing
  ReportBlock block = Report();
  EXPECT_EQ(block.fraction_lost_q8, 256 * 50 / 150);
  EXPECT_EQ(block.cumulative_lost, 50);
  EXPECT_EQ(block.extended_highest_sequence, 249u);
  EXPECT_EQ(block.jitter, 0u);
  EXPECT_EQ(statistics_.last_interval().expected, 150u);
  EXPECT_EQ(statistics_.last_interval().lost, 50u);

  ReceiveRange(250, 300);
  block = Report();
  EXPECT_EQ(block.fraction_lost_q8, 0) << "nothing was lost since the last report";
  EXPECT_EQ(block.cumulative_lost, 50);
  EXPECT_EQ(statistics_.last_interval().expected, 50u);
  EXPECT_EQ(statistics_.last_interval().lost, 0u);
}

TEST_F(ReceptionStatisticsTest, ExtendsTheSequenceThroughTheWrap) {
  ReceiveRange(65'500, 65'600);
  EXPECT_EQ(Report().extended_highest_sequence, 65'599u);
  EXPECT_EQ(statistics_.cumulative_lost(), 0);
}

TEST_F(ReceptionStatisticsTest, DoesNotCountReorderingAsLoss) {
  Receive(12);
  Receive(11);
  Receive(10);
  Receive(14);
  Receive(13);
  const ReportBlock block = Report();
  EXPECT_EQ(block.cumulative_lost, 0);
  EXPECT_EQ(block.fraction_lost_q8, 0);
  EXPECT_EQ(block.extended_highest_sequence, 14u);
}

TEST_F(ReceptionStatisticsTest, ReportsDuplicatesAsNegativeLoss) {
  Receive(1);
  Receive(2);
  Receive(2);
  EXPECT_EQ(Report().cumulative_lost, -1);
}

TEST_F(ReceptionStatisticsTest, BeginsAnewAfterTwoPacketsBeyondAJump) {
  ReceiveRange(0, 10);
  Receive(30'000);
  EXPECT_EQ(statistics_.extended_highest_sequence(), 9u) << "one stray packet changes nothing";
  Receive(30'001);
  EXPECT_EQ(statistics_.extended_highest_sequence(), 30'001u);
  EXPECT_EQ(statistics_.cumulative_lost(), 0);
}

TEST_F(ReceptionStatisticsTest, HoldsTheFractionBelowOne) {
  Receive(0);
  for (uint32_t sequence = 2999; sequence < 30'000; sequence += 2999) Receive(sequence);
  EXPECT_EQ(Report().fraction_lost_q8, 255);
}

// RFC 3550 A.8, by hand: a packet 16 ms late, then one on time again.
TEST_F(ReceptionStatisticsTest, FollowsTheJitterOfTheRfc) {
  statistics_.OnPacket(1, 0, 100, Timestamp::Millis(0));
  statistics_.OnPacket(2, 900, 100, Timestamp::Millis(26));
  // |D| = 1440; J = 1440 / 16
  EXPECT_EQ(statistics_.jitter(), 90u);
  statistics_.OnPacket(3, 1800, 100, Timestamp::Millis(36));
  EXPECT_EQ(statistics_.jitter(), 84u);
}

TEST_F(ReceptionStatisticsTest, DoesNotTakeATimestampJumpForJitter) {
  statistics_.OnPacket(1, 0, 100, Timestamp::Millis(0));
  statistics_.OnPacket(2, 0x4000'0000, 100, Timestamp::Millis(10));
  EXPECT_EQ(statistics_.jitter(), 0u);
}

TEST_F(ReceptionStatisticsTest, SaysHowLongAgoTheSenderReportCame) {
  Receive(1);
  EXPECT_EQ(Report().last_sender_report, 0u);
  statistics_.OnSenderReport(NtpTime(0x1111'2222'3333'4444), Timestamp::Millis(98'500));
  const ReportBlock block = Report();
  EXPECT_EQ(block.last_sender_report, 0x2222'3333u);
  EXPECT_EQ(block.delay_since_report_q16, 65536u * 3 / 2);
}

}  // namespace
}  // namespace confab::rtc
