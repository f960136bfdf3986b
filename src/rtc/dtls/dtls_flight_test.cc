#include "rtc/dtls/dtls_flight.h"

#include <gtest/gtest.h>

#include <array>

namespace confab::rtc {
namespace {

TEST(DtlsFlight, RepeatsItsDatagramsAsTheyWere) {
  DtlsFlight flight;
  flight.Add(AsBytes("one"));
  flight.Add(AsBytes("three"));
  DatagramSink sink;
  flight.SendAll(Path{}, sink);
  flight.SendAll(Path{}, sink);
  ASSERT_EQ(sink.datagrams().size(), 4u);
  EXPECT_EQ(AsText(sink.datagrams()[0].bytes), "one");
  EXPECT_EQ(AsText(sink.datagrams()[3].bytes), "three");
}

TEST(DtlsFlight, IsBoundedInBytesAndDatagrams) {
  DtlsFlight flight;
  const std::array<uint8_t, 1000> large{};
  for (int i = 0; i < 10; ++i) flight.Add(large);
  EXPECT_LE(flight.bytes(), DtlsFlight::kMaxBytes);
  flight.Clear();
  EXPECT_TRUE(flight.empty());
  for (size_t i = 0; i < 2 * DtlsFlight::kMaxDatagrams; ++i) flight.Add(AsBytes("x"));
  DatagramSink sink;
  flight.SendAll(Path{}, sink);
  EXPECT_EQ(sink.datagrams().size(), DtlsFlight::kMaxDatagrams);
}

}  // namespace
}  // namespace confab::rtc
