#include "rtc/rtp/extension_map.h"

#include <gtest/gtest.h>

#include <set>

namespace confab::rtc {
namespace {

TEST(ExtensionMap, NamesEveryExtensionByItsOwnUri) {
  std::set<std::string_view> uris;
  for (size_t i = 0; i < kRtpExtensionCount; ++i) {
    const auto extension = static_cast<RtpExtension>(i);
    EXPECT_EQ(ExtensionFromUri(UriOf(extension)), extension);
    uris.insert(UriOf(extension));
  }
  EXPECT_EQ(uris.size(), kRtpExtensionCount);
  EXPECT_EQ(UriOf(RtpExtension::kMid), "urn:ietf:params:rtp-hdrext:sdes:mid");
  EXPECT_EQ(ExtensionFromUri("urn:example:other"), std::nullopt);
  EXPECT_EQ(ExtensionFromUri(""), std::nullopt);
}

TEST(ExtensionMap, LooksUpBothWays) {
  ExtensionMap map;
  EXPECT_TRUE(map.Add(4, RtpExtension::kMid));
  EXPECT_TRUE(map.Add(20, RtpExtension::kAudioLevel));
  EXPECT_EQ(map.IdOf(RtpExtension::kMid), 4);
  EXPECT_EQ(map.IdOf(RtpExtension::kAudioLevel), 20);
  EXPECT_EQ(map.IdOf(RtpExtension::kRid), 0);
  EXPECT_FALSE(map.Has(RtpExtension::kRid));
  EXPECT_EQ(map.ExtensionOf(4), RtpExtension::kMid);
  EXPECT_EQ(map.ExtensionOf(5), std::nullopt);
  EXPECT_EQ(map.ExtensionOf(255), std::nullopt);
}

TEST(ExtensionMap, RefusesWhatIsTakenOrOutOfRange) {
  ExtensionMap map;
  ASSERT_TRUE(map.Add(4, RtpExtension::kMid));
  EXPECT_FALSE(map.Add(4, RtpExtension::kRid));
  EXPECT_FALSE(map.Add(5, RtpExtension::kMid));
  EXPECT_FALSE(map.Add(0, RtpExtension::kRid));
  EXPECT_FALSE(map.Add(ExtensionMap::kMaxId + 1, RtpExtension::kRid));
  EXPECT_TRUE(map.Add(ExtensionMap::kMaxId, RtpExtension::kRid));
}

}  // namespace
}  // namespace confab::rtc
