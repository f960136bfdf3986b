#include "rtc/rtcp/transport_feedback_generator.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "rtc/rtcp/rtcp_test_support.h"
#include "rtc/rtcp/transport_feedback.h"

namespace confab::rtc {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(5'000'000);

struct Report {
  std::vector<TransportFeedback> packets;  // views dangle; only numbers are looked at
  std::vector<PacketStatus> statuses;      // arrival: on the generator's clock
};

// Takes all that is due at `now`.
Report Drain(TransportFeedbackGenerator& generator, Timestamp now, size_t room = 1200) {
  Report report;
  for (;;) {
    ExactCopy out{ByteVector(room, 0xee)};
    const size_t size = generator.Write(now, Ssrc(1), Ssrc(2), out.bytes());
    if (size == 0) return report;
    const auto feedback = Parsed<TransportFeedback>(out.view().first(size));
    EXPECT_TRUE(feedback);
    if (!feedback) return report;
    feedback->ForEachStatus([&](PacketStatus status) {
      if (status.arrival) *status.arrival += feedback->reference_time();
      report.statuses.push_back(status);
    });
    report.packets.push_back(*feedback);
  }
}

// `time` in the whole ticks of feedback.
TimeDelta Ticks(Timestamp time) {
  return TimeDelta::Micros(time.us() / 250 * 250);
}

class FeedbackGenerator : public testing::Test {
 protected:
  void ReceiveRange(uint16_t from, int count) {
    for (int i = 0; i < count; ++i) {
      now_ = now_ + TimeDelta::Millis(1);
      generator_.OnPacket(static_cast<uint16_t>(from + i), now_);
    }
  }
  Report DrainAtTimeout() {
    now_ = std::max(now_, generator_.NextTimeout());
    return Drain(generator_, now_);
  }

  TransportFeedbackGenerator generator_;
  Timestamp now_ = kStart;
};

TEST_F(FeedbackGenerator, SaysNothingBeforeAPacketCame) {
  EXPECT_TRUE(generator_.NextTimeout().is_never());
  EXPECT_TRUE(Drain(generator_, now_).packets.empty());
}

TEST_F(FeedbackGenerator, ReportsArrivalsAndGaps) {
  generator_.OnPacket(10, kStart);
  generator_.OnPacket(11, kStart + TimeDelta::Micros(20'100));
  generator_.OnPacket(14, kStart + TimeDelta::Millis(90));
  const Report report = DrainAtTimeout();
  ASSERT_EQ(report.packets.size(), 1u);
  EXPECT_EQ(report.packets[0].base_sequence_number, 10);
  const std::vector<PacketStatus> expected = {{10, Ticks(kStart)},
                                              {11, Ticks(kStart + TimeDelta::Micros(20'100))},
                                              {12, std::nullopt},
                                              {13, std::nullopt},
                                              {14, Ticks(kStart + TimeDelta::Millis(90))}};
  EXPECT_EQ(report.statuses, expected);
  EXPECT_TRUE(generator_.NextTimeout().is_never());
}

TEST_F(FeedbackGenerator, GoesOnBehindTheLastReport) {
  ReceiveRange(10, 20);
  (void)DrainAtTimeout();
  ReceiveRange(32, 20);  // 30 and 31 are missing
  const Report report = DrainAtTimeout();
  EXPECT_EQ(report.packets[0].base_sequence_number, 30);
  EXPECT_EQ(report.packets[0].feedback_count, 1);
  EXPECT_EQ(report.statuses.size(), 22u);
  EXPECT_FALSE(report.statuses[1].arrival);
  EXPECT_TRUE(report.statuses[2].arrival);
}

TEST_F(FeedbackGenerator, WaitsLongerForFewPacketsAndShorterForMany) {
  generator_.OnPacket(1, kStart);
  EXPECT_EQ(generator_.NextTimeout(), kStart + TransportFeedbackGenerator::kMaxInterval);
  for (uint16_t i = 2; i <= 8; ++i) generator_.OnPacket(i, kStart);
  EXPECT_EQ(generator_.NextTimeout(), kStart + TransportFeedbackGenerator::kInterval);
  for (uint16_t i = 9; i <= 64; ++i) generator_.OnPacket(i, kStart);
  EXPECT_EQ(generator_.NextTimeout(), kStart + TransportFeedbackGenerator::kMinInterval);
  EXPECT_TRUE(Drain(generator_, kStart + TimeDelta::Millis(49)).packets.empty());
  EXPECT_EQ(Drain(generator_, kStart + TimeDelta::Millis(50)).statuses.size(), 64u);
}

TEST_F(FeedbackGenerator, ReportsALatePacketAfterAll) {
  ReceiveRange(100, 5);
  ReceiveRange(106, 5);
  EXPECT_FALSE(DrainAtTimeout().statuses[5].arrival);
  generator_.OnPacket(105, now_);
  const Report report = DrainAtTimeout();
  ASSERT_FALSE(report.statuses.empty());
  EXPECT_EQ(report.statuses[0], (PacketStatus{105, Ticks(now_ - TimeDelta::Millis(250))}));
}

TEST_F(FeedbackGenerator, KeepsTheFirstArrivalOfADuplicate) {
  generator_.OnPacket(1, kStart);
  generator_.OnPacket(1, kStart + TimeDelta::Millis(10));
  const Report report = DrainAtTimeout();
  ASSERT_EQ(report.statuses.size(), 1u);
  EXPECT_EQ(report.statuses[0].arrival, Ticks(kStart));
  generator_.OnPacket(1, now_);
  EXPECT_TRUE(generator_.NextTimeout().is_never()) << "nothing new to say";
}

TEST_F(FeedbackGenerator, GoesThroughTheWrap) {
  ReceiveRange(65'530, 12);
  const Report report = DrainAtTimeout();
  ASSERT_EQ(report.statuses.size(), 12u);
  EXPECT_EQ(report.statuses[6].sequence_number, 0);
  for (const PacketStatus& status : report.statuses) EXPECT_TRUE(status.arrival);
}

TEST_F(FeedbackGenerator, BeginsAnewAfterAJump) {
  ReceiveRange(10, 20);
  ReceiveRange(40'000, 20);
  const Report report = DrainAtTimeout();
  EXPECT_EQ(report.packets[0].base_sequence_number, 40'000);
  EXPECT_EQ(report.statuses.size(), 20u);
}

TEST_F(FeedbackGenerator, SplitsWhatDoesNotFitIntoOnePacket) {
  for (int i = 0; i < 600; ++i) {
    now_ = now_ + TimeDelta::Micros(100);
    if (i % 3 != 1) generator_.OnPacket(static_cast<uint16_t>(i), now_);
  }
  const Report report =
      Drain(generator_, generator_.NextTimeout(), TransportFeedbackGenerator::kMinWriteSize);
  EXPECT_GT(report.packets.size(), 5u);
  ASSERT_EQ(report.statuses.size(), 600u);
  for (size_t i = 0; i < report.statuses.size(); ++i) {
    EXPECT_EQ(report.statuses[i].sequence_number, i);
    EXPECT_EQ(report.statuses[i].arrival.has_value(), i % 3 != 1);
  }
  for (size_t i = 0; i < report.packets.size(); ++i) {
    EXPECT_EQ(report.packets[i].feedback_count, i);
  }
}

TEST_F(FeedbackGenerator, StartsAnotherPacketWhereADeltaIsTooLarge) {
  generator_.OnPacket(1, kStart);
  generator_.OnPacket(2, kStart + TimeDelta::Seconds(20));
  const Report report = Drain(generator_, kStart + TimeDelta::Seconds(20));
  EXPECT_EQ(report.packets.size(), 2u);
  ASSERT_EQ(report.statuses.size(), 2u);
  EXPECT_EQ(report.statuses[1].arrival, Ticks(kStart + TimeDelta::Seconds(20)));
}

TEST_F(FeedbackGenerator, ReportsAGapAsLargeAsItsHistory) {
  generator_.OnPacket(0, kStart);
  generator_.OnPacket(TransportFeedbackGenerator::kHistory - 1, kStart + TimeDelta::Millis(1));
  const Report report = DrainAtTimeout();
  ASSERT_EQ(report.statuses.size(), size_t{TransportFeedbackGenerator::kHistory});
  EXPECT_TRUE(report.statuses.front().arrival);
  EXPECT_TRUE(report.statuses.back().arrival);
}

// Every packet that came is reported with its time, whatever the network does.
TEST_F(FeedbackGenerator, TellsTheTruthUnderLossReorderingAndDuplication) {
  Prng random(12);
  std::map<uint16_t, TimeDelta> sent_arrivals;
  std::map<uint16_t, TimeDelta> reported;
  std::vector<uint16_t> in_flight;
  uint32_t next = 60'000;
  for (int turn = 0; turn < 3'000; ++turn) {
    now_ = now_ + TimeDelta::Micros(static_cast<int64_t>(random.Below(3'000)));
    for (uint64_t i = random.Below(4); i > 0; --i) {
      if (random.Below(10) != 0) in_flight.push_back(static_cast<uint16_t>(next));
      ++next;
    }
    while (in_flight.size() > random.Below(20)) {
      const size_t pick = random.Below(in_flight.size());
      const uint16_t sequence = in_flight[pick];
      if (random.Below(20) != 0) in_flight.erase(in_flight.begin() + static_cast<ptrdiff_t>(pick));
      sent_arrivals.emplace(sequence, Ticks(now_));
      generator_.OnPacket(sequence, now_);
    }
    if (now_ < generator_.NextTimeout()) continue;
    for (const PacketStatus& status : Drain(generator_, now_, 100 + random.Below(300)).statuses) {
      if (!status.arrival) continue;
      const auto arrival = sent_arrivals.find(status.sequence_number);
      ASSERT_NE(arrival, sent_arrivals.end()) << "never came";
      EXPECT_EQ(*status.arrival, arrival->second);
      reported[status.sequence_number] = *status.arrival;
    }
    ASSERT_GT(generator_.NextTimeout(), now_) << "would spin";
  }
  for (const PacketStatus& status :
       Drain(generator_, now_ + TransportFeedbackGenerator::kMaxInterval).statuses) {
    if (status.arrival) reported[status.sequence_number] = *status.arrival;
  }
  EXPECT_EQ(reported, sent_arrivals);
  EXPECT_GT(reported.size(), 3'000u);
}

}  // namespace
}  // namespace confab::rtc
