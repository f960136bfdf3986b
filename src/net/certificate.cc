#include "net/certificate.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "base/random.h"
#include "base/socket_address.h"

namespace confab::net {
namespace {

// What browsers accept at most (CA/Browser Forum Baseline Requirements §6.3.2: 398).
constexpr long kLifetimeSeconds = 397L * 24 * 3600;
// Clocks of phones and laptops differ.
constexpr long kBackdatedSeconds = 24L * 3600;
constexpr long kRenewBeforeSeconds = 24L * 3600;

struct BioDeleter {
  void operator()(BIO* p) const { BIO_free(p); }
};
using BioPtr = std::unique_ptr<BIO, BioDeleter>;

struct ExtensionDeleter {
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};

bool IsHostName(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, is_plain);
}

bool AddExtension(X509& certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, ExtensionDeleter> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

Result<std::string> SubjectAltName(const std::vector<std::string>& names) {
  std::string value;
  for (const std::string& name : names) {
    const bool is_ip = SocketAddress::Parse(name, 0).has_value();
    if (!is_ip && !IsHostName(name)) {
      return Fail(ErrorCode::kInvalidConfiguration,
                  "'" + name + "' is neither a host name nor an IP address");
    }
    if (!value.empty()) value += ',';
    value += (is_ip ? "IP:" : "DNS:") + name;
  }
  return value;
}

CertificatePtr MakeCertificate(EVP_PKEY& key, const std::string& subject_alt_name) {
  CertificatePtr certificate(X509_new());
  if (!certificate) return nullptr;
  SecureRandom random;
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), random.U64() >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kBackdatedSeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kLifetimeSeconds - kBackdatedSeconds);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const std::string_view common_name = "confab";
  const auto bytes = AsBytes(common_name);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes.data(),
                             static_cast<int>(bytes.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), &key);
  const bool extended = AddExtension(*certificate, NID_basic_constraints, "critical,CA:FALSE") &&
                        AddExtension(*certificate, NID_key_usage, "critical,digitalSignature") &&
                        AddExtension(*certificate, NID_ext_key_usage, "serverAuth") &&
                        AddExtension(*certificate, NID_subject_alt_name, subject_alt_name);
  if (!extended || X509_sign(certificate.get(), &key, EVP_sha256()) == 0) return nullptr;
  return certificate;
}

std::string TakeText(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

Result<void> WritePrivate(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path draft = file.string() + ".new";
  std::error_code ignored;
  std::filesystem::remove(draft, ignored);
  const int fd = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool ok = fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ok = close(fd) == 0 && ok;
  if (ok && std::rename(draft.c_str(), file.c_str()) == 0) return {};
  return Fail(ErrorCode::kInvalidConfiguration, "cannot write " + file.string());
}

KeyPtr ReadKey(const std::filesystem::path& file) {
  const BioPtr bio(BIO_new_file(file.c_str(), "r"));
  return KeyPtr(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

bool Covers(X509& certificate, const std::string& name) {
  if (SocketAddress::Parse(name, 0)) return X509_check_ip_asc(&certificate, name.c_str(), 0) == 1;
  return X509_check_host(&certificate, name.c_str(), name.size(), 0, nullptr) == 1;
}

}  // namespace

Result<void> WriteSelfMadeCertificate(const std::filesystem::path& certificate,
                                      const std::filesystem::path& key,
                                      const std::vector<std::string>& names) {
  const auto subject_alt_name = SubjectAltName(names);
  if (!subject_alt_name) return std::unexpected(subject_alt_name.error());
  const KeyPtr pair(EVP_EC_gen("P-256"));
  const CertificatePtr made = pair ? MakeCertificate(*pair, *subject_alt_name) : nullptr;
  const BioPtr key_text(BIO_new(BIO_s_mem()));
  const BioPtr certificate_text(BIO_new(BIO_s_mem()));
  if (!made || !key_text || !certificate_text ||
      PEM_write_bio_PrivateKey(key_text.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1 ||
      PEM_write_bio_X509(certificate_text.get(), made.get()) != 1) {
    return Fail(ErrorCode::kInvalidConfiguration, "cannot make a certificate for these names");
  }
  if (auto written = WritePrivate(key, TakeText(*key_text)); !written) return written;
  return WritePrivate(certificate, TakeText(*certificate_text));
}

bool CertificateServes(const std::filesystem::path& certificate, const std::filesystem::path& key,
                       const std::vector<std::string>& names) {
  const CertificatePtr old = ReadCertificate(certificate);
  const KeyPtr old_key = ReadKey(key);
  if (!old || !old_key || X509_check_private_key(old.get(), old_key.get()) != 1) return false;
  std::time_t soon = std::time(nullptr) + kRenewBeforeSeconds;
  if (X509_cmp_time(X509_get0_notAfter(old.get()), &soon) <= 0) return false;
  return std::ranges::all_of(names, [&](const auto& name) { return Covers(*old, name); });
}

CertificatePtr ReadCertificate(const std::filesystem::path& file) {
  const BioPtr bio(BIO_new_file(file.c_str(), "r"));
  return CertificatePtr(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

std::string FingerprintOf(X509& certificate) {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

}  // namespace confab::net
