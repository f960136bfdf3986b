#include "rtc/dtls/dtls_certificate.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/random.h"
#include "rtc/dtls/dtls_handshake.h"

namespace confab::rtc {
namespace {

// RFC 5280 §4.1.2.5: the end of time of a certificate without one.
constexpr char kNotBefore[] = "20200101000000Z";
constexpr char kNotAfter[] = "99991231235959Z";
constexpr unsigned char kCommonName[] = "confab";
constexpr long kX509Version3 = 2;

// RFC 8827 §6.5: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 is the one everyone has. The RSA suite is
// for servers with an RSA certificate, where we are the client.
constexpr char kCiphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256";
constexpr char kGroups[] = "X25519:P-256:P-384";

// A self-signed certificate is below 500 octets, an RSA 4096 one below 2 KB.
constexpr long kMaxPeerCertificateBytes = 8192;

}  // namespace

void DtlsCertificate::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}
void DtlsCertificate::Free::operator()(x509_st* certificate) const {
  X509_free(certificate);
}
void DtlsCertificate::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

std::optional<DtlsCertificate> DtlsCertificate::Generate() {
  DtlsCertificate made;
  const bool ok = made.MakeKey() && made.MakeCertificate() && made.MakeContext();
  ERR_clear_error();
  if (!ok) return std::nullopt;
  const auto fingerprint = Fingerprint::Of(made.x509(), FingerprintAlgorithm::kSha256);
  if (!fingerprint) return std::nullopt;
  made.fingerprint_ = *fingerprint;
  return made;
}

bool DtlsCertificate::MakeKey() {
  key_.reset(EVP_EC_gen("P-256"));
  return key_ != nullptr;
}

bool DtlsCertificate::MakeCertificate() {
  certificate_.reset(X509_new());
  X509* const x509 = certificate_.get();
  if (x509 == nullptr) return false;
  SecureRandom random;
  const uint64_t serial = random.U64() >> 1 | 1;  // RFC 5280 §4.1.2.2: positive
  X509_NAME* const name = X509_get_subject_name(x509);
  return X509_set_version(x509, kX509Version3) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial) == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notBefore(x509), kNotBefore) == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), kNotAfter) == 1 &&
         X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, kCommonName, -1, -1, 0) ==
             1 &&
         X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key_.get()) == 1 &&
         X509_sign(x509, key_.get(), EVP_sha256()) != 0;
}

bool DtlsCertificate::MakeContext() {
  context_.reset(SSL_CTX_new(DTLS_method()));
  SSL_CTX* const context = context_.get();
  if (context == nullptr) return false;
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_NO_QUERY_MTU | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, kMaxPeerCertificateBytes);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &DtlsHandshake::VerifyPeer, nullptr);
  return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1 &&
         SSL_CTX_set1_groups_list(context, kGroups) == 1 &&
         SSL_CTX_use_certificate(context, certificate_.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, key_.get()) == 1;
}

}  // namespace confab::rtc
