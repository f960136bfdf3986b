#include "sfu/parameters/header_extensions.h"

#include <gtest/gtest.h>

#include <set>

namespace confab::sfu {
namespace {

using rtc::RtpExtension;

TEST(HeaderExtensions, HaveDistinctIdsThatFitOneByteHeaders) {
  std::set<uint8_t> ids;
  for (size_t i = 0; i < rtc::kRtpExtensionCount; ++i) {
    const uint8_t id = RouterIdOf(static_cast<RtpExtension>(i));
    EXPECT_GE(id, 1);
    EXPECT_LE(id, 14);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), rtc::kRtpExtensionCount);
}

TEST(HeaderExtensions, AreFoundByUriWhateverTheirIds) {
  const rtc::ExtensionMap map = MapOf({{"urn:ietf:params:rtp-hdrext:sdes:mid", 4},
                                       {"urn:example:unknown", 7},
                                       {"urn:ietf:params:rtp-hdrext:ssrc-audio-level", 20}});
  EXPECT_EQ(map.IdOf(RtpExtension::kMid), 4);
  EXPECT_EQ(map.IdOf(RtpExtension::kAudioLevel), 20);
  EXPECT_EQ(map.IdOf(RtpExtension::kRid), 0);
}

}  // namespace
}  // namespace confab::sfu
