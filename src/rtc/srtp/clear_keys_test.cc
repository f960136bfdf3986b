#include <gtest/gtest.h>

#include "rtc/srtp/evp_srtp_engine.h"
#include "rtc/srtp/srtp_test_support.h"

namespace confab::rtc {
namespace {

TEST(ClearKeys, SealAndOpenNothingAway) {
  EvpSrtpEngine engine;
  const auto keys = engine.PrepareKeys({.profile = SrtpProfile::kClear});
  const ByteVector rtp = Hex("80600001 00000010 11223344 0102030405060708");
  for (size_t prefix = 0; prefix <= 8; ++prefix) {
    EXPECT_EQ(SealOne(engine, *keys, SrtpKind::kRtp, 1, rtp, 12, prefix), rtp);
  }
  EXPECT_EQ(OpenOne(engine, *keys, SrtpKind::kRtp, 1, rtp, 12), rtp);
  const ByteVector rtcp = Hex("80c90001 00000009 81ce0002 00000009 11223344");
  EXPECT_EQ(SealOne(engine, *keys, SrtpKind::kRtcp, 1, rtcp, 8), rtcp);
  EXPECT_EQ(OpenOne(engine, *keys, SrtpKind::kRtcp, 0, rtcp, 8), rtcp);
}

TEST(ClearKeys, DoNotOpenWhatIsShorterThanItsHeader) {
  EvpSrtpEngine engine;
  const auto keys = engine.PrepareKeys({.profile = SrtpProfile::kClear});
  const ByteVector rtcp = Hex("80c90001 000000");
  EXPECT_FALSE(OpenOne(engine, *keys, SrtpKind::kRtcp, 0, rtcp, 8));
}

}  // namespace
}  // namespace confab::rtc
