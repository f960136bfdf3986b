#include "rtc/datagram_sink.h"

#include <gtest/gtest.h>

namespace confab::rtc {
namespace {

Path PathOf(uint16_t port) {
  return {LocalSocket(1), SocketAddress::Ipv4({192, 0, 2, 1}, port)};
}

TEST(DatagramSink, KeepsDatagramsInOrderWithTheirPaths) {
  DatagramSink sink(100, 4);
  const MutableBytes room = sink.Reserve(PathOf(1), 50);
  ASSERT_EQ(room.size(), 50u);
  room[0] = 'a';
  room[1] = 'b';
  sink.Commit(2);
  EXPECT_TRUE(sink.Append(PathOf(2), AsBytes("cde")));
  ASSERT_EQ(sink.datagrams().size(), 2u);
  EXPECT_EQ(sink.datagrams()[0].path, PathOf(1));
  EXPECT_EQ(AsText(sink.datagrams()[0].bytes), "ab");
  EXPECT_EQ(sink.datagrams()[1].path, PathOf(2));
  EXPECT_EQ(AsText(sink.datagrams()[1].bytes), "cde");
}

TEST(DatagramSink, RefusesAndCountsWhatExceedsTheBytes) {
  DatagramSink sink(10, 4);
  EXPECT_TRUE(sink.Append(PathOf(1), AsBytes("12345678")));
  EXPECT_TRUE(sink.Reserve(PathOf(1), 3).empty());
  EXPECT_FALSE(sink.Append(PathOf(1), AsBytes("123")));
  EXPECT_EQ(sink.dropped(), 2u);
  EXPECT_TRUE(sink.Append(PathOf(1), AsBytes("12")));
  EXPECT_EQ(sink.datagrams().size(), 2u);
}

TEST(DatagramSink, RefusesMoreDatagramsThanItsLimit) {
  DatagramSink sink(100, 2);
  EXPECT_TRUE(sink.Append(PathOf(1), AsBytes("1")));
  EXPECT_TRUE(sink.Append(PathOf(1), AsBytes("2")));
  EXPECT_FALSE(sink.Append(PathOf(1), AsBytes("3")));
  EXPECT_EQ(sink.dropped(), 1u);
}

TEST(DatagramSink, ReusesItsMemoryAfterClear) {
  DatagramSink sink(4, 1);
  EXPECT_TRUE(sink.Append(PathOf(1), AsBytes("1234")));
  const uint8_t* first = sink.datagrams()[0].bytes.data();
  sink.Clear();
  EXPECT_TRUE(sink.empty());
  EXPECT_TRUE(sink.Append(PathOf(1), AsBytes("5678")));
  EXPECT_EQ(sink.datagrams()[0].bytes.data(), first);
}

TEST(DatagramSink, AbandonsAReservationThatIsCommittedEmpty) {
  DatagramSink sink(4, 1);
  EXPECT_EQ(sink.Reserve(PathOf(1), 4).size(), 4u);
  sink.Commit(0);
  EXPECT_TRUE(sink.empty());
  EXPECT_EQ(sink.Reserve(PathOf(1), 4).size(), 4u);
}

}  // namespace
}  // namespace confab::rtc
