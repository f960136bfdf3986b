#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::rpc {

// How the services' connections to each other are protected. With a certificate: TLS, both ways by
// the same files, so that a process that serves can also ask. Without: plain text.
struct Security {
  // PEM files: the chain, leaf first, its key, and the authorities that both sides trust. All three
  // or none.
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path ca;
  // kRequired: whoever calls must show a certificate of `ca` too (mutual TLS).
  enum class ClientCertificates : uint8_t { kOff, kRequired };
  ClientCertificates client_certificates = ClientCertificates::kOff;
  // Tokens go with every call, so plain text leaves the machine only on demand.
  enum class PlainText : uint8_t { kOnLoopback, kEverywhere };
  PlainText plain_text = PlainText::kOnLoopback;
};

// A Security whose files have been read. A value; shared by servers and channels.
class Credentials {
 public:
  // Error kInvalidConfiguration: a file that cannot be read, is no PEM, or does not fit the others;
  // names it.
  static Result<Credentials> Load(const Security& security);
  // For servers and channels within one process: plain text on loopback.
  static Credentials Plain();

  // Whether a server may listen here, or a channel lead there. Error kInvalidConfiguration, with
  // what to do: plain text would leave the machine.
  Result<void> CheckHost(std::string_view host) const;
  // Shared: gRPC's own way.
  const std::shared_ptr<grpc::ServerCredentials>& server() const { return server_; }
  const std::shared_ptr<grpc::ChannelCredentials>& channel() const { return channel_; }

 private:
  Credentials() = default;

  bool may_leave_machine_ = false;
  std::shared_ptr<grpc::ServerCredentials> server_;
  std::shared_ptr<grpc::ChannelCredentials> channel_;
};

// A loopback address, or "localhost".
bool IsLoopbackHost(std::string_view host);

}  // namespace confab::rpc
