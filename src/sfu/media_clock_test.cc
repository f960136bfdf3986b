#include "sfu/media_clock.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

TEST(SenderClock, KeepsTheLeastDelayedReport) {
  const NodeClock node(Timestamp::Millis(0), 1'700'000'000'000'000);
  const NodeClock sender(Timestamp::Millis(0), 1'600'000'000'000'000);
  SenderClock clock;
  clock.OnSenderReport(sender.At(Timestamp::Millis(0)), node.At(Timestamp::Millis(50)));
  clock.OnSenderReport(sender.At(Timestamp::Millis(1000)), node.At(Timestamp::Millis(1020)));
  clock.OnSenderReport(sender.At(Timestamp::Millis(2000)), node.At(Timestamp::Millis(2080)));
  const auto mapped = clock.ToNode(sender.At(Timestamp::Millis(3000)));
  const auto expected = node.At(Timestamp::Millis(3020));
  EXPECT_NEAR(
      static_cast<double>(static_cast<int64_t>(mapped.value() - expected.value())) * 0x1.0p-32, 0,
      1e-5);
}

TEST(MediaClock, ExtrapolatesFromTheSendersReportOnceThereIsOne) {
  const NodeClock node(Timestamp::Millis(0), 1'700'000'000'000'000);
  MediaClock clock(90'000);
  EXPECT_EQ(clock.RtpTimestampAt(node.At(Timestamp::Millis(0))), std::nullopt);
  clock.OnPacket(1000, node.At(Timestamp::Millis(10)));
  EXPECT_NEAR(*clock.RtpTimestampAt(node.At(Timestamp::Millis(20))), 1900, 1);
  clock.OnSenderReport(5000, node.At(Timestamp::Millis(100)));
  clock.OnPacket(9999, node.At(Timestamp::Millis(110)));
  EXPECT_NEAR(*clock.RtpTimestampAt(node.At(Timestamp::Millis(110))), 5900, 1);
  EXPECT_NEAR(*clock.RtpTimestampAt(node.At(Timestamp::Millis(90))), 4100, 1);
}

}  // namespace
}  // namespace confab::sfu
