// What two ends agree on, and when they refuse to.
#include <gtest/gtest.h>

#include "rtc/dtls/dtls_test_link.h"

namespace confab::rtc {
namespace {

using Profiles = std::vector<SrtpProfile>;
constexpr auto kGcm128 = SrtpProfile::kAeadAes128Gcm;
constexpr auto kGcm256 = SrtpProfile::kAeadAes256Gcm;
constexpr auto kCm80 = SrtpProfile::kAesCm128HmacSha1_80;

TEST(DtlsHandshake, GivesBothEndsTheSameKeysForEveryProfile) {
  for (const SrtpProfile profile : {kGcm128, kGcm256, kCm80}) {
    DtlsLink link({.profiles = {profile}}, {});
    link.Connect();
    ASSERT_TRUE(link.BothConnected());
    ExpectKeysAgree(link);
    const SrtpMasterKey& key = link.client.transport.srtp()->local;
    EXPECT_EQ(key.profile, profile);
    // Nothing beyond the profile's size, and no zeros where a key should be.
    const SrtpKeySizes sizes = KeySizes(profile);
    for (size_t i = sizes.key; i < key.key.size(); ++i) EXPECT_EQ(key.key[i], 0);
    EXPECT_NE(std::count(key.key.begin(), key.key.begin() + sizes.key, 0), long(sizes.key));
    EXPECT_EQ(link.client.events, (std::vector{DtlsEvent::kConnected}));
    EXPECT_EQ(link.server.events, (std::vector{DtlsEvent::kConnected}));
  }
}

TEST(DtlsHandshake, TakesTheProfileTheServerPrefers) {
  DtlsLink link({.profiles = {kCm80, kGcm128, kGcm256}}, {.profiles = {kGcm256, kCm80}});
  link.Connect();
  ASSERT_TRUE(link.BothConnected());
  EXPECT_EQ(link.server.transport.srtp()->local.profile, kGcm256);
}

TEST(DtlsHandshake, PrefersGcm128WhenNothingElseIsSaid) {
  DtlsLink link;
  link.Connect();
  ASSERT_TRUE(link.BothConnected());
  EXPECT_EQ(link.server.transport.srtp()->local.profile, kGcm128);
}

TEST(DtlsHandshake, FailsWithoutACommonProfile) {
  DtlsLink link({.profiles = {kCm80}}, {.profiles = {kGcm256}});
  link.Connect();
  EXPECT_EQ(link.client.transport.state(), DtlsState::kFailed);
  EXPECT_EQ(link.server.transport.state(), DtlsState::kFailed);
  EXPECT_EQ(link.server.transport.reason(), DtlsReason::kNoSrtpProfile);
  EXPECT_FALSE(link.client.transport.srtp() || link.server.transport.srtp());
}

TEST(DtlsHandshake, FailsAtBothEndsWhenTheClientIsNotTheAnnouncedOne) {
  DtlsLink link;
  link.Trust(link.client, TestCertificate(1).fingerprint());
  link.Trust(link.server, TestCertificate(2).fingerprint());
  link.StartClient();
  link.Carry();
  EXPECT_EQ(link.server.transport.state(), DtlsState::kFailed);
  EXPECT_EQ(link.server.transport.reason(), DtlsReason::kFingerprintMismatch);
  EXPECT_EQ(link.client.transport.state(), DtlsState::kFailed);
  EXPECT_EQ(link.client.transport.reason(), DtlsReason::kHandshake);
  EXPECT_FALSE(link.client.transport.srtp() || link.server.transport.srtp());
  EXPECT_TRUE(link.server.transport.NextTimeout().is_never());
}

TEST(DtlsHandshake, FailsAtBothEndsWhenTheServerIsNotTheAnnouncedOne) {
  DtlsLink link;
  link.Trust(link.client, TestCertificate(2).fingerprint());
  link.Trust(link.server, TestCertificate(0).fingerprint());
  link.StartClient();
  link.Carry();
  EXPECT_EQ(link.client.transport.reason(), DtlsReason::kFingerprintMismatch);
  EXPECT_EQ(link.server.transport.reason(), DtlsReason::kHandshake);
  EXPECT_EQ(link.client.events, (std::vector{DtlsEvent::kFailed}));
  EXPECT_EQ(link.server.events, (std::vector{DtlsEvent::kFailed}));
}

TEST(DtlsHandshake, ChecksTheStrongestFingerprintOnly) {
  const auto strong = *Fingerprint::Of(TestCertificate(0).x509(), FingerprintAlgorithm::kSha512);
  auto wrong = strong;
  wrong.bytes[0] ^= 1;
  const Fingerprint weak = TestCertificate(0).fingerprint();
  const std::pair<std::vector<Fingerprint>, bool> cases[] = {
      {{strong}, true}, {{weak, wrong}, false}, {{wrong, weak, strong}, true}};
  for (const auto& [fingerprints, good] : cases) {
    DtlsLink link;
    link.Trust(link.client, TestCertificate(1).fingerprint());
    link.server.Note(
        link.server.transport.SetRemoteFingerprints(link.now, fingerprints, link.server.sink));
    link.StartClient();
    link.Carry();
    EXPECT_EQ(link.BothConnected(), good);
  }
}

TEST(DtlsHandshake, KeepsEarlyRecordsUntilTheFingerprintsAreKnown) {
  DtlsLink link;
  link.Trust(link.client, TestCertificate(1).fingerprint());
  link.StartClient();
  link.Carry();
  EXPECT_EQ(link.server.transport.state(), DtlsState::kNew);
  link.Trust(link.server, TestCertificate(0).fingerprint());
  EXPECT_FALSE(link.server.sink.empty());
  link.Carry();
  EXPECT_TRUE(link.BothConnected());
  ExpectKeysAgree(link);
}

TEST(DtlsHandshake, BoundsTheEarlyRecords) {
  DtlsLink link;
  const TestDatagram small(100, 22);
  const TestDatagram large(DtlsTransport::kMaxEarlyDatagramSize + 1, 22);
  link.Give(link.server, large);
  EXPECT_EQ(link.server.transport.dropped(), 1u);
  for (size_t i = 0; i < DtlsTransport::kMaxEarlyDatagrams; ++i) link.Give(link.server, small);
  EXPECT_EQ(link.server.transport.dropped(), 1u);
  link.Give(link.server, small);
  EXPECT_EQ(link.server.transport.dropped(), 2u);
}

TEST(DtlsHandshake, StartsTheClientWhenPathAndFingerprintsAreThereInEitherOrder) {
  for (const bool path_first : {true, false}) {
    DtlsLink link;
    if (path_first) link.StartClient();
    EXPECT_TRUE(link.client.sink.empty());
    link.Trust(link.client, TestCertificate(1).fingerprint());
    EXPECT_EQ(link.client.sink.empty(), !path_first);
    if (!path_first) link.StartClient();
    ASSERT_FALSE(link.client.sink.empty());
    EXPECT_EQ(link.client.sink.datagrams()[0].path, link.client.path);
  }
}

TEST(DtlsHandshake, LetsTheRoleBeChosenUntilItBegins) {
  DtlsLink link;
  link.server.transport.set_role(DtlsRole::kClient);
  link.client.transport.set_role(DtlsRole::kServer);
  link.TrustEachOther();
  link.server.Note(link.server.transport.Start(link.now, link.server.path, link.server.sink));
  link.server.transport.set_role(DtlsRole::kServer);
  EXPECT_EQ(link.server.transport.role(), DtlsRole::kClient);
  link.Carry();
  EXPECT_TRUE(link.BothConnected());
  ExpectKeysAgree(link);
}

TEST(DtlsHandshake, FailsWithoutAnyFingerprint) {
  DtlsLink link;
  EXPECT_EQ(link.server.transport.SetRemoteFingerprints(link.now, {}, link.server.sink),
            DtlsEvent::kFailed);
  EXPECT_EQ(link.server.transport.reason(), DtlsReason::kFingerprintMismatch);
}

TEST(DtlsHandshake, IgnoresLaterFingerprints) {
  DtlsLink link;
  link.Connect();
  link.Trust(link.server, TestCertificate(2).fingerprint());
  EXPECT_EQ(link.server.transport.state(), DtlsState::kConnected);
}

TEST(DtlsHandshake, AnswersOverThePathOfTheNewestRecords) {
  DtlsLink link;
  link.TrustEachOther();
  link.StartClient();
  const auto hello = link.client.Take();
  Path other = link.server.path;
  other.local = LocalSocket(9);
  link.server.Note(
      link.server.transport.HandleRecords(link.now, other, hello.at(0), link.server.sink));
  ASSERT_FALSE(link.server.sink.empty());
  EXPECT_EQ(link.server.sink.datagrams()[0].path, other);
}

TEST(DtlsHandshake, SendsNoDatagramAboveTheMtu) {
  for (const size_t mtu : {size_t{1200}, size_t{512}, size_t{256}}) {
    DtlsLink link({.mtu = mtu}, {.mtu = mtu});
    link.Connect();
    ASSERT_TRUE(link.BothConnected()) << mtu;
    EXPECT_LE(link.largest, mtu);
    ExpectKeysAgree(link);
  }
}

TEST(DtlsHandshake, RunsManyTransportsOnOneCertificate) {
  std::vector<std::unique_ptr<DtlsLink>> links;
  for (int i = 0; i < 10; ++i) links.push_back(std::make_unique<DtlsLink>());
  for (auto& link : links) link->TrustEachOther();
  for (auto& link : links) link->StartClient();
  for (auto& link : links) link->Carry();
  for (auto& link : links) ExpectKeysAgree(*link);
  EXPECT_NE(links[0]->client.transport.srtp()->local.key,
            links[1]->client.transport.srtp()->local.key);
}

}  // namespace
}  // namespace confab::rtc
