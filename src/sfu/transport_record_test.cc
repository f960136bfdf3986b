#include "sfu/transport_record.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

constexpr Timestamp kMade = Timestamp::Millis(1000);

rtc::Path PathOf(uint16_t port) {
  return {rtc::LocalSocket(0), SocketAddress::Ipv4({192, 0, 2, 7}, port)};
}

TEST(TransportRecord, TellsOfAMoveOnceAndNotBeforeItConnected) {
  TransportRecord record(kMade);
  EXPECT_FALSE(record.TakeMove(PathOf(1)));
  record.NoteConnected(kMade, PathOf(2));
  EXPECT_FALSE(record.TakeMove(PathOf(2))) << "told as it connected";
  EXPECT_TRUE(record.TakeMove(PathOf(3)));
  EXPECT_FALSE(record.TakeMove(PathOf(3)));
  EXPECT_TRUE(record.TakeMove(PathOf(2)));
}

TEST(TransportRecord, TellsOfSoManyMovesAndNoMoreBeforeTheNextReport) {
  TransportRecord record(kMade);
  record.NoteConnected(kMade, PathOf(1));
  int told = 0;
  const auto move_often = [&] {
    for (uint16_t i = 0; i < 1000; ++i) told += record.TakeMove(PathOf(2 + i % 2)) ? 1 : 0;
  };
  move_often();
  EXPECT_EQ(told, TransportRecord::kMaxMoves);
  ASSERT_TRUE(record.TakeReport(record.next_report()));
  move_often();
  EXPECT_EQ(told, 2 * TransportRecord::kMaxMoves);
}

TEST(TransportRecord, IsDueAfterConnectingAndThenOnceAMinute) {
  TransportRecord record(kMade);
  EXPECT_EQ(record.next_report(), kMade + TransportRecord::kFirstReport);
  const Timestamp connected = kMade + TimeDelta::Seconds(3);
  record.NoteConnected(connected, PathOf(1));
  const Timestamp first = connected + TransportRecord::kFirstReport;
  EXPECT_FALSE(record.TakeReport(first - TimeDelta::Micros(1)));
  EXPECT_TRUE(record.TakeReport(first));
  EXPECT_FALSE(record.TakeReport(first));
  EXPECT_EQ(record.next_report(), first + TransportRecord::kReportInterval);
}

}  // namespace
}  // namespace confab::sfu
