// Rules that hold for every engine and every profile.

#include <gtest/gtest.h>

#include <memory>

#include "rtc/srtp/evp_srtp_engine.h"
#include "rtc/srtp/hmac_sha1.h"
#include "rtc/srtp/null_srtp_engine.h"
#include "rtc/srtp/srtp_session_keys.h"
#include "rtc/srtp/srtp_test_support.h"

namespace confab::rtc {
namespace {

enum class EngineType { kEvp, kNull };

struct Case {
  EngineType engine;
  SrtpProfile profile;
};

class SrtpEngines : public testing::TestWithParam<Case> {
 protected:
  static constexpr size_t kRtpHeaderSize = 20;

  static std::unique_ptr<SrtpEngine> MakeEngine() {
    if (GetParam().engine == EngineType::kEvp) return std::make_unique<EvpSrtpEngine>();
    return std::make_unique<NullSrtpEngine>();
  }
  static SrtpProfile profile() { return GetParam().profile; }

  ByteVector RtpPacket(size_t payload_size) {
    ByteVector packet = Hex("906f0007 00010203 cafebabe bede0001 10aa0000");
    packet.resize(packet.size() + payload_size, 0x5a);
    return packet;
  }
  ByteVector RtcpPacket() { return Hex("81c90007 cafebabe 01020304 05060708 090a0b0c 0d0e0f10"); }

  std::unique_ptr<SrtpEngine> engine_ = MakeEngine();
  std::unique_ptr<SrtpKeys> keys_ = engine_->PrepareKeys(SomeMasterKey(profile()));
};

TEST_P(SrtpEngines, OpensWhatItSealed) {
  for (size_t payload_size = 0; payload_size < 80; ++payload_size) {
    const ByteVector plain = RtpPacket(payload_size);
    const ByteVector sealed = SealOne(*engine_, *keys_, SrtpKind::kRtp, 7, plain, kRtpHeaderSize);
    EXPECT_EQ(sealed.size(), plain.size() + SealOverhead(profile(), SrtpKind::kRtp));
    EXPECT_EQ(OpenOne(*engine_, *keys_, SrtpKind::kRtp, 7, sealed, kRtpHeaderSize), plain);
  }
  const ByteVector rtcp = RtcpPacket();
  const ByteVector sealed = SealOne(*engine_, *keys_, SrtpKind::kRtcp, 3, rtcp, 8);
  EXPECT_EQ(sealed.size(), rtcp.size() + SealOverhead(profile(), SrtpKind::kRtcp));
  EXPECT_EQ(OpenOne(*engine_, *keys_, SrtpKind::kRtcp, 3, sealed, 8), rtcp);
}

TEST_P(SrtpEngines, SealsPrefixAndBodyAsOnePayload) {
  const ByteVector plain = RtpPacket(100);
  const ByteVector whole = SealOne(*engine_, *keys_, SrtpKind::kRtp, 7, plain, kRtpHeaderSize);
  for (size_t prefix = 1; prefix <= SealJob::kMaxPrefix; ++prefix) {
    EXPECT_EQ(SealOne(*engine_, *keys_, SrtpKind::kRtp, 7, plain, kRtpHeaderSize, prefix), whole);
  }
}

TEST_P(SrtpEngines, SealsABodyInPlace) {
  const ByteVector plain = RtpPacket(100);
  ByteVector out = plain;
  out.resize(plain.size() + kMaxSealOverhead);
  SealJob job{.keys = keys_.get(),
              .ssrc = SsrcOf(SrtpKind::kRtp, plain),
              .index = 7,
              .out = out,
              .header_size = kRtpHeaderSize,
              .body = BytesView(out).subspan(kRtpHeaderSize, 100)};
  engine_->Seal({&job, 1});
  out.resize(job.sealed_size);
  EXPECT_EQ(out, SealOne(*engine_, *keys_, SrtpKind::kRtp, 7, plain, kRtpHeaderSize));
}

TEST_P(SrtpEngines, RefusesAPacketWithAnyOctetChanged) {
  const ByteVector rtp =
      SealOne(*engine_, *keys_, SrtpKind::kRtp, 7, RtpPacket(30), kRtpHeaderSize);
  const ByteVector rtcp = SealOne(*engine_, *keys_, SrtpKind::kRtcp, 3, RtcpPacket(), 8);
  for (int bit = 0; bit < 8; ++bit) {
    for (size_t i = 0; i < rtp.size(); ++i) {
      ByteVector changed = rtp;
      changed[i] ^= static_cast<uint8_t>(1 << bit);
      EXPECT_FALSE(OpenOne(*engine_, *keys_, SrtpKind::kRtp, 7, changed, kRtpHeaderSize)) << i;
    }
    for (size_t i = 0; i < rtcp.size(); ++i) {
      ByteVector changed = rtcp;
      changed[i] ^= static_cast<uint8_t>(1 << bit);
      EXPECT_FALSE(OpenOne(*engine_, *keys_, SrtpKind::kRtcp, 3, changed, 8)) << i;
    }
  }
}

TEST_P(SrtpEngines, RefusesEveryTruncation) {
  const ByteVector rtp =
      SealOne(*engine_, *keys_, SrtpKind::kRtp, 7, RtpPacket(30), kRtpHeaderSize);
  for (size_t size = 0; size < rtp.size(); ++size) {
    EXPECT_FALSE(
        OpenOne(*engine_, *keys_, SrtpKind::kRtp, 7, BytesView(rtp).first(size), kRtpHeaderSize));
  }
  const ByteVector rtcp = SealOne(*engine_, *keys_, SrtpKind::kRtcp, 3, RtcpPacket(), 8);
  for (size_t size = 0; size < rtcp.size(); ++size) {
    EXPECT_FALSE(OpenOne(*engine_, *keys_, SrtpKind::kRtcp, 3, BytesView(rtcp).first(size), 8));
  }
}

TEST_P(SrtpEngines, RefusesAnotherIndexAnotherKeyAndTheOtherKind) {
  const ByteVector sealed =
      SealOne(*engine_, *keys_, SrtpKind::kRtp, 7, RtpPacket(30), kRtpHeaderSize);
  EXPECT_FALSE(OpenOne(*engine_, *keys_, SrtpKind::kRtp, 7 + 0x1'0000, sealed, kRtpHeaderSize))
      << "another roll-over counter";
  const auto other = engine_->PrepareKeys(SomeMasterKey(profile(), 2));
  EXPECT_FALSE(OpenOne(*engine_, *other, SrtpKind::kRtp, 7, sealed, kRtpHeaderSize));

  const ByteVector rtcp = SealOne(*engine_, *keys_, SrtpKind::kRtcp, 3, RtcpPacket(), 8);
  EXPECT_FALSE(OpenOne(*engine_, *keys_, SrtpKind::kRtcp, 4, rtcp, 8));
}

TEST_P(SrtpEngines, HandlesEveryJobOfABatchByItself) {
  std::vector<ByteVector> packets;
  for (uint64_t index = 0; index < 5; ++index) {
    packets.push_back(
        SealOne(*engine_, *keys_, SrtpKind::kRtp, index, RtpPacket(10 + index), kRtpHeaderSize));
  }
  packets[2].back() ^= 1;
  std::vector<OpenJob> jobs;
  for (uint64_t index = 0; index < packets.size(); ++index) {
    jobs.push_back({.keys = keys_.get(),
                    .ssrc = SsrcOf(SrtpKind::kRtp, packets[index]),
                    .index = index,
                    .packet = packets[index],
                    .header_size = kRtpHeaderSize,
                    .user = static_cast<uint32_t>(100 + index)});
  }
  engine_->Open(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(jobs[i].ok, i != 2);
    EXPECT_EQ(jobs[i].user, 100 + i);
    if (!jobs[i].ok) continue;
    EXPECT_EQ(jobs[i].plain_size, kRtpHeaderSize + 10 + i);
  }
}

TEST_P(SrtpEngines, KeepsTheTrailerWhereReadSrtcpTrailerLooks) {
  const ByteVector rtcp = SealOne(*engine_, *keys_, SrtpKind::kRtcp, 0x1234567, RtcpPacket(), 8);
  const auto trailer = ReadSrtcpTrailer(profile(), rtcp);
  ASSERT_TRUE(trailer);
  EXPECT_TRUE(trailer->encrypted);
  EXPECT_EQ(trailer->index, 0x1234567u);
  ForEachTruncation(rtcp, [](BytesView bytes) { (void)ReadSrtcpTrailer(profile(), bytes); });
}

INSTANTIATE_TEST_SUITE_P(All, SrtpEngines,
                         testing::Values(Case{EngineType::kEvp, SrtpProfile::kAesCm128HmacSha1_80},
                                         Case{EngineType::kEvp, SrtpProfile::kAeadAes128Gcm},
                                         Case{EngineType::kEvp, SrtpProfile::kAeadAes256Gcm},
                                         Case{EngineType::kNull, SrtpProfile::kAesCm128HmacSha1_80},
                                         Case{EngineType::kNull, SrtpProfile::kAeadAes128Gcm}));

TEST(EvpSrtpEngine, OpensUnencryptedRtcpOfTheSha1Profile) {
  EvpSrtpEngine engine;
  const SrtpMasterKey master = SomeMasterKey(SrtpProfile::kAesCm128HmacSha1_80);
  const auto keys = engine.PrepareKeys(master);
  const ByteVector plain = Hex("81c90003 cafebabe 01020304 05060708");
  ByteVector packet = Concat({plain, Hex("00000009")});
  const HmacSha1 hmac(DeriveSessionKeys(master, SrtpKind::kRtcp).auth_key);
  const HmacSha1::Digest digest = hmac.Sign(packet, {});
  packet.insert(packet.end(), digest.begin(), digest.begin() + 10);
  EXPECT_EQ(OpenOne(engine, *keys, SrtpKind::kRtcp, 9, packet, 8), plain);
  packet[8] ^= 1;
  EXPECT_EQ(OpenOne(engine, *keys, SrtpKind::kRtcp, 9, packet, 8), std::nullopt);
}

// RFC 2202 §3, cases 1 and 2.
TEST(HmacSha1, MatchesRfc2202) {
  const ByteVector key1(20, 0x0b);
  const auto digest1 = HmacSha1(key1).Sign(AsBytes("Hi There"), {});
  EXPECT_EQ(ByteVector(digest1.begin(), digest1.end()),
            Hex("b617318655057264e28bc0b6fb378c8ef146be00"));
  const auto digest2 =
      HmacSha1(AsBytes("Jefe")).Sign(AsBytes("what do ya want "), AsBytes("for nothing?"));
  EXPECT_EQ(ByteVector(digest2.begin(), digest2.end()),
            Hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
}

}  // namespace
}  // namespace confab::rtc
