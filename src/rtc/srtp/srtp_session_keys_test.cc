#include "rtc/srtp/srtp_session_keys.h"

#include <gtest/gtest.h>

#include "rtc/srtp/srtp_test_support.h"

namespace confab::rtc {
namespace {

ByteVector First(BytesView bytes, size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(count)};
}

TEST(SrtpSessionKeys, MatchRfc3711AppendixB3) {
  const SrtpMasterKey master =
      MasterKeyFromHex(SrtpProfile::kAesCm128HmacSha1_80, "e1f97a0d3e018be0d64fa32c06de4139",
                       "0ec675ad498afeebb6960b3aabe6");
  const SrtpSessionKeys keys = DeriveSessionKeys(master, SrtpKind::kRtp);
  EXPECT_EQ(First(keys.cipher_key, 16), Hex("c61e7a93744f39ee10734afe3ff7a087"));
  EXPECT_EQ(First(keys.salt, 14), Hex("30cbbc08863d8c85d49db34a9ae1"));
  EXPECT_EQ(First(keys.auth_key, 20), Hex("cebe321f6ff7716b6fd4ab49af256a156d38baa4"));
}

TEST(SrtpSessionKeys, GcmHasNoAuthenticationKey) {
  const SrtpMasterKey master = SomeMasterKey(SrtpProfile::kAeadAes256Gcm);
  const SrtpSessionKeys keys = DeriveSessionKeys(master, SrtpKind::kRtp);
  EXPECT_NE(First(keys.cipher_key, 32), ByteVector(32, 0));
  EXPECT_EQ(First(keys.auth_key, 20), ByteVector(20, 0));
}

TEST(SrtpSessionKeys, DifferBetweenRtpAndRtcp) {
  const SrtpMasterKey master = SomeMasterKey(SrtpProfile::kAesCm128HmacSha1_80);
  const SrtpSessionKeys rtp = DeriveSessionKeys(master, SrtpKind::kRtp);
  const SrtpSessionKeys rtcp = DeriveSessionKeys(master, SrtpKind::kRtcp);
  EXPECT_NE(rtp.cipher_key, rtcp.cipher_key);
  EXPECT_NE(rtp.salt, rtcp.salt);
  EXPECT_NE(rtp.auth_key, rtcp.auth_key);
}

}  // namespace
}  // namespace confab::rtc
