#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace boost::asio::ssl {
class context;
}

namespace confab::net {

// A server's certificate and TLS settings (TLS 1.2 and 1.3, forward-secret suites only). Immutable.
class TlsContext {
 public:
  // PEM files: the chain, leaf first, and its key. Error kInvalidConfiguration names the file.
  static Result<std::shared_ptr<const TlsContext>> FromFiles(
      const std::filesystem::path& certificate, const std::filesystem::path& key);
  // A self-made certificate: ECDSA P-256, 397 days, `names` (host names and IP addresses) as
  // subjectAltName. Kept in `folder` as tls.crt and tls.key (mode 0600) and reused while it covers
  // all `names` and has a day to live. Error kInvalidConfiguration: the folder cannot be written.
  static Result<std::shared_ptr<const TlsContext>> SelfMade(const std::filesystem::path& folder,
                                                            const std::vector<std::string>& names);
  ~TlsContext();

  // SHA-256 of the leaf certificate, "AA:BB:…", for people to compare.
  const std::string& fingerprint() const { return fingerprint_; }
  boost::asio::ssl::context& native() const { return *context_; }

 private:
  TlsContext();

  std::unique_ptr<boost::asio::ssl::context> context_;
  std::string fingerprint_;
};

}  // namespace confab::net
