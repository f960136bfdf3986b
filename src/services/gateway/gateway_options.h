#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auth/authority.h"
#include "backends/discovery/discovery.h"
#include "base/ip_network.h"
#include "net/tls_context.h"
#include "observe/logger.h"
#include "observe/metrics.h"
#include "services/gateway/api/access.h"
#include "services/gateway/api/api_handlers.h"
#include "services/gateway/api/rate_limits.h"
#include "services/gateway/metrics_door.h"
#include "services/gateway/origins.h"
#include "services/gateway/peer_channels.h"
#include "services/gateway/ready_report.h"
#include "services/gateway/turn/turn_server.h"

namespace confab::gateway {

struct GatewayOptions {
  // Where to listen. The first address decides the port, the others take the same; those marked
  // optional may be missing on this machine (::1 where IPv6 is off).
  struct Address {
    std::string ip;
    enum class Need : uint8_t { kRequired, kOptional } need = Need::kRequired;
  };
  std::vector<Address> addresses = {{.ip = "127.0.0.1"}};
  uint16_t port = 4000;
  uint16_t port_tries = 1;  // a taken port: the next one, so many altogether
  // In front of the gateway; what they say about their clients is believed.
  std::vector<IpNetwork> trusted_proxies;
  size_t max_connections = 10'000;             // WebSockets included; beyond: closed at once
  std::shared_ptr<const net::TlsContext> tls;  // HTTPS where set
  enum class Trust : uint8_t { kSelfMade, kTrusted } certificate = Trust::kSelfMade;

  std::filesystem::path web_dir;  // the exported pages; empty: a page that says they are missing
  std::string version;
  MetricsAccess metrics_access = MetricsAccess::kLocal;

  observe::Logger logger;
  observe::MetricsRegistry* metrics = nullptr;  // must outlive the service; required
  // Asked on the io_context's thread. Required.
  std::function<ReadyReport()> ready;

  // Signs invitations and verifies whoever uses the REST interface. Required; must outlive the
  // service.
  auth::Authority* authority = nullptr;
  Access::Guests guests = Access::Guests::kWelcome;
  Origins origins;  // whose pages may use it besides its own
  // Whose people may sign in; nullptr: nobody does. Must outlive the service.
  auth::OpenIdIssuer* openid = nullptr;
  RateLimits::Options per_address{.per_second = 20, .burst = 200};
  // Connections to Socket.IO that one address may begin.
  RateLimits::Options handshakes_per_address{.per_second = 100, .burst = 1000};
  TurnOptions turn;
  std::vector<TurnServer> turn_servers;
  std::string region;  // ours: its TURN servers are offered first
  // Channels to signaling and media instances. Required.
  PeerChannels::Connect connect;
};

}  // namespace confab::gateway
