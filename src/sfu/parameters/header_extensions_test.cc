#include "sfu/parameters/header_extensions.h"

#include <gtest/gtest.h>

#include <set>

namespace confab::sfu {
namespace {

TEST(HeaderExtensions, HaveDistinctIdsThatFitOneByteHeaders) {
  std::set<uint8_t> ids;
  std::set<std::string_view> uris;
  for (size_t i = 0; i < kExtensionCount; ++i) {
    const auto extension = static_cast<Extension>(i);
    EXPECT_GE(RouterIdOf(extension), 1);
    EXPECT_LE(RouterIdOf(extension), 14);
    ids.insert(RouterIdOf(extension));
    uris.insert(UriOf(extension));
  }
  EXPECT_EQ(ids.size(), kExtensionCount);
  EXPECT_EQ(uris.size(), kExtensionCount);
}

TEST(HeaderExtensions, AreFoundByUriWhateverTheirIds) {
  const ExtensionIds ids({{"urn:ietf:params:rtp-hdrext:sdes:mid", 4},
                          {"urn:example:unknown", 7},
                          {"urn:ietf:params:rtp-hdrext:ssrc-audio-level", 200}});
  EXPECT_EQ(ids[Extension::kMid], 4);
  EXPECT_EQ(ids[Extension::kAudioLevel], 200);
  EXPECT_EQ(ids[Extension::kRid], 0);
}

}  // namespace
}  // namespace confab::sfu
