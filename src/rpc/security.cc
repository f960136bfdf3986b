#include "rpc/security.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <fstream>
#include <iterator>

#include "base/socket_address.h"

namespace confab::rpc {
namespace {

using SslContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

std::unexpected<Error> Unusable(std::string_view key, const std::filesystem::path& file,
                                std::string_view why) {
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("{}: \"{}\" {}", key, file.string(), why));
}

Result<std::string> ReadFile(std::string_view key, const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || text.empty()) {
    return Unusable(key, file, "cannot be read, or is empty: give the path of a PEM file");
  }
  return text;
}

// gRPC refuses to start without saying why: what OpenSSL thinks of the files is found out first.
Result<void> CheckFiles(const Security& security) {
  const SslContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (SSL_CTX_use_certificate_chain_file(context.get(), security.certificate.c_str()) != 1) {
    return Unusable("rpc.certificate", security.certificate, "is no chain of PEM certificates");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), security.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Unusable("rpc.key", security.key,
                    "is no private key in PEM, or not that of rpc.certificate");
  }
  if (SSL_CTX_load_verify_file(context.get(), security.ca.c_str()) != 1) {
    return Unusable("rpc.ca", security.ca, "holds no PEM certificates");
  }
  return {};
}

}  // namespace

Credentials Credentials::Plain() {
  Credentials plain;
  plain.server_ = grpc::InsecureServerCredentials();
  plain.channel_ = grpc::InsecureChannelCredentials();
  return plain;
}

Result<Credentials> Credentials::Load(const Security& security) {
  if (security.certificate.empty() && security.key.empty() && security.ca.empty()) {
    Credentials plain = Plain();
    plain.may_leave_machine_ = security.plain_text == Security::PlainText::kEverywhere;
    return plain;
  }
  const auto certificate = ReadFile("rpc.certificate", security.certificate);
  if (!certificate) return std::unexpected(certificate.error());
  const auto key = ReadFile("rpc.key", security.key);
  if (!key) return std::unexpected(key.error());
  const auto ca = ReadFile("rpc.ca", security.ca);
  if (!ca) return std::unexpected(ca.error());
  if (const auto checked = CheckFiles(security); !checked) return std::unexpected(checked.error());

  Credentials tls;
  tls.may_leave_machine_ = true;
  const bool is_mutual = security.client_certificates == Security::ClientCertificates::kRequired;
  grpc::SslServerCredentialsOptions server(
      is_mutual ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  server.pem_root_certs = *ca;
  server.pem_key_cert_pairs.push_back({*key, *certificate});
  tls.server_ = grpc::SslServerCredentials(server);
  tls.channel_ = grpc::SslCredentials(
      {.pem_root_certs = *ca, .pem_private_key = *key, .pem_cert_chain = *certificate});
  return tls;
}

Result<void> Credentials::CheckHost(std::string_view host) const {
  if (may_leave_machine_ || IsLoopbackHost(host)) return {};
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("the services' tokens would travel to or from {} in plain text: give "
                          "rpc.certificate, rpc.key and rpc.ca, or, in a network that nobody else "
                          "hears, set rpc.insecure = true",
                          host));
}

bool IsLoopbackHost(std::string_view host) {
  if (host == "localhost") return true;
  const auto address = SocketAddress::Parse(host, 0);
  return address && address->is_loopback();
}

}  // namespace confab::rpc
