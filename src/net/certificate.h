#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace confab::net {

struct OpensslDeleter {
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
using CertificatePtr = std::unique_ptr<X509, OpensslDeleter>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslDeleter>;

// Makes a self-signed ECDSA P-256 certificate for `names` (host names and IP addresses) and writes
// certificate and key as PEM, the key first, each replaced in one step, both with mode 0600.
// Error kInvalidConfiguration: a name that is none, or a file that cannot be written.
Result<void> WriteSelfMadeCertificate(const std::filesystem::path& certificate,
                                      const std::filesystem::path& key,
                                      const std::vector<std::string>& names);

// Whether the files hold a certificate with its key that covers all `names` and is valid for more
// than a day.
bool CertificateServes(const std::filesystem::path& certificate, const std::filesystem::path& key,
                       const std::vector<std::string>& names);

// nullptr where the file holds none.
CertificatePtr ReadCertificate(const std::filesystem::path& file);
// SHA-256, "AA:BB:…".
std::string FingerprintOf(X509& certificate);

}  // namespace confab::net
