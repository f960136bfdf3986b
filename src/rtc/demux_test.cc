#include "rtc/demux.h"

#include <gtest/gtest.h>

#include <array>

namespace confab::rtc {
namespace {

DatagramKind Classify(uint8_t first, uint8_t second) {
  const std::array<uint8_t, 2> bytes = {first, second};
  return ClassifyDatagram(bytes);
}

TEST(Demux, SortsEveryFirstOctetAsRfc7983Says) {
  for (int first = 0; first < 256; ++first) {
    DatagramKind expected = DatagramKind::kUnknown;
    if (first <= 3) expected = DatagramKind::kStun;
    if (first >= 20 && first <= 63) expected = DatagramKind::kDtls;
    if (first >= 128 && first <= 191) expected = DatagramKind::kRtp;
    EXPECT_EQ(Classify(static_cast<uint8_t>(first), 96), expected) << first;
  }
}

TEST(Demux, TellsRtcpByTheSecondOctet) {
  for (int second = 0; second < 256; ++second) {
    const bool rtcp = second >= 192 && second <= 223;
    EXPECT_EQ(Classify(0x80, static_cast<uint8_t>(second)),
              rtcp ? DatagramKind::kRtcp : DatagramKind::kRtp)
        << second;
  }
}

TEST(Demux, DoesNotReadPastAShortDatagram) {
  const std::array<uint8_t, 1> one = {0x80};
  EXPECT_EQ(ClassifyDatagram({}), DatagramKind::kUnknown);
  EXPECT_EQ(ClassifyDatagram(one), DatagramKind::kUnknown);
}

}  // namespace
}  // namespace confab::rtc
