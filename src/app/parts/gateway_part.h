#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/process/environment.h"
#include "auth/openid_issuer.h"
#include "base/socket_address.h"
#include "net/tls_context.h"
#include "services/gateway/gateway_service.h"

namespace confab::app {

// The gateway as the configuration has it. On the io_context's thread.
class GatewayPart {
 public:
  // What it needs of the process; the rest comes from the configuration.
  struct Doors {
    std::function<gateway::ReadyReport()> ready;
    auth::Authority* authority = nullptr;    // outlives the part
    gateway::PeerChannels::Connect connect;  // signaling and media instances
  };

  explicit GatewayPart(const Environment& environment);
  ~GatewayPart();
  GatewayPart(const GatewayPart&) = delete;
  GatewayPart& operator=(const GatewayPart&) = delete;

  // Reads or makes the certificate, where there is to be one. Before Start, and before other parts
  // are started for nothing.
  Result<void> MakeCertificate();
  // After an error nothing is left to stop.
  Result<void> Start(Doors doors);
  asio::awaitable<void> Stop(TimeDelta deadline);

  gateway::GatewayService& service() { return *gateway_; }
  uint16_t port() const { return addresses_.front().port(); }
  // The addresses under which a browser finds the pages, the best first.
  std::vector<std::string> urls() const;
  // Of a self-made certificate; "" without one.
  std::string fingerprint() const;
  // A sentence where the system allows too few open files; else "".
  std::string warning() const;
  // Fetches a page of ours.
  asio::awaitable<Result<void>> Check();

 private:
  Result<void> AddTurn(gateway::GatewayOptions& options);
  Result<void> AddOpenId(gateway::GatewayOptions& options);

  const Environment environment_;
  std::vector<SocketAddress> local_;
  size_t descriptors_;  // files that this process may have open
  // Shared: the gateway's connections hold it too.
  std::shared_ptr<const net::TlsContext> tls_;
  std::unique_ptr<auth::OpenIdIssuer> openid_;  // outlives the gateway
  std::unique_ptr<gateway::GatewayService> gateway_;
  std::vector<SocketAddress> addresses_;
};

// Who may read the numbers of any service.
gateway::MetricsAccess MetricsAccessOf(const Config& config);

}  // namespace confab::app
