#include "rtc/srtp/srtp_suite.h"

#include <gtest/gtest.h>

#include <numeric>

namespace confab::rtc {
namespace {

TEST(SrtpSuite, KnowsTheThreeByTheNamesOfSdesAndNoOthers) {
  for (const SrtpProfile each : {SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                 SrtpProfile::kAesCm128HmacSha1_80}) {
    EXPECT_EQ(ParseSuiteName(SuiteName(each)), each);
  }
  for (const char* name : {"", "none", "AES_CM_128_HMAC_SHA1_32", "aead_aes_128_gcm"}) {
    EXPECT_FALSE(ParseSuiteName(name)) << name;
  }
}

// RFC 3711 §8.2: 128 and 112 bits; RFC 7714 §12: 128 or 256 and 96 bits.
TEST(SrtpSuite, TakesKeysOfTheRightSizeOnly) {
  for (const auto& [suite, size] : {std::pair(SrtpProfile::kAesCm128HmacSha1_80, size_t{30}),
                                    std::pair(SrtpProfile::kAeadAes128Gcm, size_t{28}),
                                    std::pair(SrtpProfile::kAeadAes256Gcm, size_t{44})}) {
    for (size_t octets = 0; octets < 64; ++octets) {
      std::vector<uint8_t> text(octets);
      std::iota(text.begin(), text.end(), uint8_t{1});
      const auto key = MasterKeyFrom(suite, text);
      ASSERT_EQ(key.has_value(), octets == size) << octets;
      if (!key) continue;
      EXPECT_EQ(key->profile, suite);
      EXPECT_EQ(key->key[0], 1);
      EXPECT_EQ(key->salt[0], KeySizes(suite).key + 1);
      EXPECT_EQ(KeyAndSaltOf(*key), text);
    }
  }
}

TEST(SrtpSuite, DrawsAnotherKeyEachTime) {
  Prng random(1);
  const SrtpMasterKey one = RandomMasterKey(SrtpProfile::kAeadAes256Gcm, random);
  const SrtpMasterKey other = RandomMasterKey(SrtpProfile::kAeadAes256Gcm, random);
  EXPECT_NE(one.key, other.key);
  EXPECT_NE(one.salt, other.salt);
}

}  // namespace
}  // namespace confab::rtc
