#pragma once

#include <memory>
#include <optional>

#include "rtc/dtls/fingerprint.h"

struct evp_pkey_st;
struct ssl_ctx_st;
struct x509_st;

namespace confab::rtc {

// A self-signed ECDSA P-256 certificate (RFC 8827 §6.5) with the OpenSSL context that every
// transport using it shares. One per process or worker; must outlive its transports. Immutable
// after Generate, and so usable from several threads.
//
// The validity is fixed (2020 to the end of 9999), not taken from a clock: peers trust the
// fingerprint and nothing else in it. Keys come from OpenSSL's own generator: architecture §3
// keeps that behind this adapter.
class DtlsCertificate {
 public:
  // nullopt only if OpenSSL fails.
  static std::optional<DtlsCertificate> Generate();

  const Fingerprint& fingerprint() const { return fingerprint_; }  // SHA-256
  ssl_ctx_st* context() const { return context_.get(); }
  const x509_st* x509() const { return certificate_.get(); }

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
    void operator()(x509_st* certificate) const;
    void operator()(ssl_ctx_st* context) const;
  };
  DtlsCertificate() = default;
  bool MakeKey();
  bool MakeCertificate();
  bool MakeContext();

  std::unique_ptr<evp_pkey_st, Free> key_;
  std::unique_ptr<x509_st, Free> certificate_;
  std::unique_ptr<ssl_ctx_st, Free> context_;
  Fingerprint fingerprint_;
};

}  // namespace confab::rtc
