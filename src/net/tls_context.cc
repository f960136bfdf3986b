#include "net/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>

#include "net/certificate.h"

namespace confab::net {
namespace {

namespace ssl = boost::asio::ssl;

// TLS 1.2: forward secrecy and AEAD only (RFC 9325 §4.2). TLS 1.3 has nothing else.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

std::unexpected<Error> BadFile(const std::filesystem::path& file, const std::string& why) {
  return Fail(ErrorCode::kInvalidConfiguration, file.string() + ": " + why);
}

}  // namespace

TlsContext::TlsContext() : context_(std::make_unique<ssl::context>(ssl::context::tls_server)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::FromFiles(
    const std::filesystem::path& certificate, const std::filesystem::path& key) {
  std::shared_ptr<TlsContext> context(new TlsContext);  // the constructor is private
  ssl::context& native = *context->context_;
  SSL_CTX_set_min_proto_version(native.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native.native_handle(), kCiphers);
  native.set_options(ssl::context::single_dh_use | SSL_OP_NO_RENEGOTIATION);
  boost::system::error_code ec;
  native.use_certificate_chain_file(certificate.string(), ec);
  if (ec) return BadFile(certificate, "no certificate chain in PEM form: " + ec.message());
  native.use_private_key_file(key.string(), ssl::context::pem, ec);
  if (ec) return BadFile(key, "no key in PEM form that fits the certificate: " + ec.message());
  const CertificatePtr leaf = ReadCertificate(certificate);
  if (!leaf) return BadFile(certificate, "no certificate in PEM form");
  context->fingerprint_ = FingerprintOf(*leaf);
  return context;
}

Result<std::shared_ptr<const TlsContext>> TlsContext::SelfMade(
    const std::filesystem::path& folder, const std::vector<std::string>& names) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  const auto certificate = folder / "tls.crt";
  const auto key = folder / "tls.key";
  if (!CertificateServes(certificate, key, names)) {
    ERR_clear_error();  // of files that are not there yet
    if (auto made = WriteSelfMadeCertificate(certificate, key, names); !made) {
      return std::unexpected(made.error());
    }
  }
  return FromFiles(certificate, key);
}

}  // namespace confab::net
