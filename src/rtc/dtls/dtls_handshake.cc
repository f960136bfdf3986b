#include "rtc/dtls/dtls_handshake.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace confab::rtc {
namespace {

// RFC 5764 §4.2.
constexpr std::string_view kExporterLabel = "EXTRACTOR-dtls_srtp";
constexpr size_t kMaxKeyingMaterial = 2 * (32 + 14);

// The explicit nonce and tag of AES-GCM (RFC 5288 §3), which OpenSSL 3.0 forgets when it fits
// encrypted handshake messages into the MTU.
constexpr size_t kAeadOverhead = 8 + 16;

// The wall-clock timer, where OpenSslTimer cannot take it over: just below the first repetition of
// DtlsTransport, then doubled like it.
constexpr unsigned int kFirstTimer_us = 90'000;
unsigned int Timer(SSL*, unsigned int previous_us) {
  return previous_us == 0 ? kFirstTimer_us : previous_us * 2;
}

const char* OpenSslName(SrtpProfile profile) {
  switch (profile) {
    case SrtpProfile::kClear: return "";  // not DTLS's: OpenSSL refuses the list
    case SrtpProfile::kAesCm128HmacSha1_80: return "SRTP_AES128_CM_SHA1_80";
    case SrtpProfile::kAeadAes128Gcm: return "SRTP_AEAD_AES_128_GCM";
    case SrtpProfile::kAeadAes256Gcm: return "SRTP_AEAD_AES_256_GCM";
  }
  return "";
}

std::string OpenSslNames(std::span<const SrtpProfile> profiles) {
  std::string names;
  for (const SrtpProfile profile : profiles) {
    if (!names.empty()) names += ':';
    names += OpenSslName(profile);
  }
  return names;
}

// Only profiles that we offered can be selected.
std::optional<SrtpProfile> SelectedProfile(SSL* ssl) {
  const SRTP_PROTECTION_PROFILE* const selected = SSL_get_selected_srtp_profile(ssl);
  if (selected == nullptr) return std::nullopt;
  return static_cast<SrtpProfile>(selected->id);
}

}  // namespace

void DtlsHandshake::Free::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}

DtlsHandshake::DtlsHandshake(std::span<const Fingerprint> fingerprints)
    : fingerprints_(fingerprints) {}

DtlsHandshake::~DtlsHandshake() = default;

std::unique_ptr<DtlsHandshake> DtlsHandshake::Create(const DtlsCertificate& certificate,
                                                     const DtlsOptions& options,
                                                     std::span<const Fingerprint> fingerprints) {
  std::unique_ptr<DtlsHandshake> made(new DtlsHandshake(fingerprints));
  ERR_clear_error();
  const bool ok = made->SetUp(certificate, options);
  ERR_clear_error();
  return ok ? std::move(made) : nullptr;
}

bool DtlsHandshake::SetUp(const DtlsCertificate& certificate, const DtlsOptions& options) {
  ssl_.reset(SSL_new(certificate.context()));
  SSL* const ssl = ssl_.get();
  if (ssl == nullptr) return false;
  BIO* const bio = NewDatagramBio(&endpoint_);
  if (bio == nullptr) return false;
  SSL_set_bio(ssl, bio, bio);
  SSL_set_app_data(ssl, this);
  DTLS_set_timer_cb(ssl, Timer);
  if (options.role == DtlsRole::kClient) {
    SSL_set_connect_state(ssl);
  } else {
    SSL_set_accept_state(ssl);
  }
  // This one call of OpenSSL returns 0 for success.
  return SSL_set_tlsext_use_srtp(ssl, OpenSslNames(options.profiles).c_str()) == 0 &&
         SSL_set_mtu(ssl, static_cast<long>(options.mtu - kAeadOverhead)) != 0;
}

void DtlsHandshake::Open(const Io& io) {
  endpoint_.port = {
      .incoming = io.datagram, .path = io.path, .sink = &io.sink, .flight = io.flight};
  ERR_clear_error();
}

DtlsHandshake::Status DtlsHandshake::Judge(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  // The caller's buffers end with the call.
  endpoint_.port.incoming = {};
  endpoint_.port.sink = nullptr;
  endpoint_.port.flight = nullptr;
  switch (error) {
    case SSL_ERROR_NONE: return Status::kDone;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return Status::kWaiting;
    case SSL_ERROR_ZERO_RETURN: return Status::kClosed;
    default: return Status::kFailed;
  }
}

DtlsHandshake::Status DtlsHandshake::Advance(const Io& io) {
  Open(io);
  return Judge(SSL_do_handshake(ssl_.get()));
}

DtlsHandshake::Status DtlsHandshake::Retransmit(const Io& io) {
  Open(io);
  endpoint_.timer.Expire();
  const bool failed = DTLSv1_handle_timeout(ssl_.get()) < 0;
  (void)Judge(0);
  return failed ? Status::kFailed : Status::kWaiting;
}

DtlsHandshake::Status DtlsHandshake::ReadAfterHandshake(const Io& io) {
  Open(io);
  // Application data has no reader yet: it is thrown away.
  std::array<uint8_t, 2048> buffer;
  int result = 0;
  do {
    result = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
  } while (result > 0);
  return Judge(result);
}

void DtlsHandshake::SendCloseNotify(const Path& path, DatagramSink& sink) {
  Open({.datagram = {}, .path = path, .sink = sink});
  (void)Judge(SSL_shutdown(ssl_.get()));
}

int DtlsHandshake::VerifyPeer(x509_store_ctx_st* store, void*) {
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const self = static_cast<DtlsHandshake*>(SSL_get_app_data(ssl));
  const X509* const certificate = X509_STORE_CTX_get0_cert(store);
  const bool match = certificate != nullptr && self->Matches(certificate);
  self->verdict_ = match ? Verdict::kMatch : Verdict::kMismatch;
  // The alert becomes bad_certificate.
  X509_STORE_CTX_set_error(store, match ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  return match ? 1 : 0;
}

// RFC 8122 §5: of several hash functions the strongest is checked, and one match of it suffices.
bool DtlsHandshake::Matches(const x509_st* certificate) const {
  if (fingerprints_.empty()) return false;
  const auto strongest = std::ranges::max(fingerprints_, {}, &Fingerprint::algorithm).algorithm;
  const auto actual = Fingerprint::Of(certificate, strongest);
  return actual && std::ranges::find(fingerprints_, *actual) != fingerprints_.end();
}

// RFC 5764 §4.2: client key, server key, client salt, server salt.
std::optional<SrtpSession> DtlsHandshake::ExportKeys(DtlsRole role) const {
  const auto profile = SelectedProfile(ssl_.get());
  if (!profile || verdict_ != Verdict::kMatch) return std::nullopt;
  const SrtpKeySizes sizes = KeySizes(*profile);
  std::array<uint8_t, kMaxKeyingMaterial> material;
  const size_t total = 2 * (sizes.key + sizes.salt);
  const int ok =
      SSL_export_keying_material(ssl_.get(), material.data(), total, kExporterLabel.data(),
                                 kExporterLabel.size(), nullptr, 0, 0);
  ERR_clear_error();
  if (ok != 1) return std::nullopt;

  SrtpMasterKey client{.profile = *profile};
  SrtpMasterKey server{.profile = *profile};
  ByteReader reader(BytesView(material).first(total));
  std::ranges::copy(reader.Bytes(sizes.key), client.key.begin());
  std::ranges::copy(reader.Bytes(sizes.key), server.key.begin());
  std::ranges::copy(reader.Bytes(sizes.salt), client.salt.begin());
  std::ranges::copy(reader.Bytes(sizes.salt), server.salt.begin());
  OPENSSL_cleanse(material.data(), material.size());
  return role == DtlsRole::kClient ? SrtpSession{.local = client, .remote = server}
                                   : SrtpSession{.local = server, .remote = client};
}

}  // namespace confab::rtc
