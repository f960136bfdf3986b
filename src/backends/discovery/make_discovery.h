#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backends/discovery/discovery.h"
#include "observe/logger.h"

namespace confab::discovery {

enum class DiscoveryBackend : uint8_t { kStatic, kConsul };

// As configuration has it (discovery.*).
struct DiscoveryOptions {
  DiscoveryBackend backend = DiscoveryBackend::kStatic;
  // For Consul: the agent, and a file with the ACL token; "" for none.
  std::string consul_url = "http://127.0.0.1:8500";
  std::string consul_token_file;
  // For the static one: ID=HOST:HTTP_PORT/GRPC_PORT[@REGION] each.
  std::vector<std::string> gateways;
  std::vector<std::string> signaling;
  std::vector<std::string> media;
  std::vector<std::string> logs;
};

// Nothing is asked of Consul before the first Follow or Announce: that it is away is no error here.
// Error kInvalidConfiguration: a text that is no instance, a URL that is none, a file that cannot
// be read or holds no token. `io` must outlive the discovery.
Result<std::unique_ptr<Discovery>> MakeDiscovery(asio::io_context& io,
                                                 const DiscoveryOptions& options,
                                                 observe::Logger logger);

// Nothing where a URL can be Consul's, else what is wrong; it does not show the URL, which may hold
// a password.
Result<void> CheckConsulUrl(const std::string& url);

}  // namespace confab::discovery
