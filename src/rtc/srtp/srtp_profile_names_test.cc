#include "rtc/srtp/srtp_profile_names.h"

#include <gtest/gtest.h>

namespace confab::rtc {
namespace {

TEST(SrtpProfileNames, AreReadBackAsTheSameProfile) {
  ASSERT_EQ(AllSrtpProfiles().size(), 3u);
  for (const SrtpProfile profile : AllSrtpProfiles()) {
    EXPECT_EQ(ParseSrtpProfile(ToString(profile)), profile) << ToString(profile);
  }
}

TEST(SrtpProfileNames, AreNothingElse) {
  for (const std::string_view name :
       {"", "none", "aead_aes_128_gcm", "AEAD_AES_128_GCM ", "AES_CM_128_HMAC_SHA1_32"}) {
    EXPECT_FALSE(ParseSrtpProfile(name)) << name;
  }
}

}  // namespace
}  // namespace confab::rtc
