#include "rtc/dtls/fingerprint.h"

#include <gtest/gtest.h>
#include <openssl/asn1.h>
#include <openssl/x509.h>

#include "rtc/dtls/dtls_certificate.h"

namespace confab::rtc {
namespace {

std::string Repeated(const std::string& octet, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ":") + octet;
  return text;
}

TEST(Fingerprint, RoundTripsItsText) {
  const std::pair<const char*, size_t> cases[] = {
      {"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}};
  for (const auto& [algorithm, size] : cases) {
    const auto parsed = Fingerprint::Parse(algorithm, Repeated("aB", size));
    ASSERT_TRUE(parsed.has_value()) << algorithm;
    EXPECT_EQ(ToString(parsed->algorithm), algorithm);
    EXPECT_EQ(parsed->view().size(), size);
    EXPECT_EQ(parsed->ValueToString(), Repeated("AB", size));
  }
}

TEST(Fingerprint, TakesTheAlgorithmInAnyCase) {
  EXPECT_TRUE(Fingerprint::Parse("SHA-256", Repeated("00", 32)).has_value());
}

TEST(Fingerprint, RefusesEverythingElse) {
  const std::pair<const char*, std::string> cases[] = {
      {"sha-1", Repeated("00", 20)},
      {"md5", Repeated("00", 16)},
      {"", Repeated("00", 32)},
      {"sha-256", ""},
      {"sha-256", Repeated("00", 31)},
      {"sha-256", Repeated("00", 33)},
      {"sha-256", Repeated("00", 48)},
      {"sha-256", Repeated("0g", 32)},
      {"sha-256", Repeated("00", 32) + ":"},
      {"sha-256", std::string(95, '0')},
      {"sha-256", std::string(95, ':')},
      {"sha-2567", Repeated("00", 32)},
  };
  for (const auto& [algorithm, value] : cases) {
    EXPECT_FALSE(Fingerprint::Parse(algorithm, value).has_value()) << algorithm << " " << value;
  }
}

TEST(DtlsCertificate, IsUniqueAndHasAFingerprint) {
  const auto one = DtlsCertificate::Generate();
  const auto other = DtlsCertificate::Generate();
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->fingerprint(), other->fingerprint());
  EXPECT_EQ(one->fingerprint().algorithm, FingerprintAlgorithm::kSha256);
  EXPECT_EQ(one->fingerprint().ValueToString().size(), 32u * 3 - 1);
  EXPECT_EQ(Fingerprint::Parse("sha-256", one->fingerprint().ValueToString()), one->fingerprint());
}

TEST(DtlsCertificate, IsSignedByItselfAndValidForEver) {
  const auto certificate = DtlsCertificate::Generate();
  ASSERT_TRUE(certificate.has_value());
  X509* const x509 = const_cast<X509*>(certificate->x509());  // OpenSSL 3.0's verify is not const
  EXPECT_EQ(X509_verify(x509, X509_get0_pubkey(x509)), 1);
  EXPECT_EQ(X509_cmp_current_time(X509_get0_notBefore(x509)), -1);
  const std::string not_after(
      reinterpret_cast<const char*>(ASN1_STRING_get0_data(X509_get0_notAfter(x509))));
  EXPECT_EQ(not_after, "99991231235959Z");
}

TEST(DtlsCertificate, SurvivesAMove) {
  auto certificate = DtlsCertificate::Generate();
  const Fingerprint fingerprint = certificate->fingerprint();
  const DtlsCertificate moved = *std::move(certificate);
  EXPECT_EQ(moved.fingerprint(), fingerprint);
  EXPECT_NE(moved.context(), nullptr);
}

}  // namespace
}  // namespace confab::rtc
