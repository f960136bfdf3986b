#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/process/environment.h"
#include "backends/discovery/discovery.h"
#include "base/socket_address.h"

namespace confab::app {

// The discovery that the configuration names, and what this process follows in it. On the
// io_context's thread.
class Peers {
 public:
  // Error: kInvalidConfiguration (discovery.*).
  static Result<std::unique_ptr<Peers>> Open(const Environment& environment);

  void Follow(discovery::ServiceKind service, discovery::Discovery::OnChange on_change);
  // Under this process's id and region. `address` is what the service listens on.
  void Announce(discovery::Instance self, const std::string& address);
  asio::awaitable<void> Withdraw(TimeDelta deadline);

 private:
  Peers(const Environment& environment, std::unique_ptr<discovery::Discovery> discovery);
  void AddMetrics();

  const Environment environment_;
  std::unique_ptr<discovery::Discovery> discovery_;
  std::vector<std::unique_ptr<discovery::Discovery::Following>> followings_;
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
};

// Under which host others reach what listens on `address`: itself, or, for "0.0.0.0", "::" and
// "auto", the first address of this machine that is not loopback, else loopback.
std::string HostFor(const std::string& address, std::span<const SocketAddress> local);

}  // namespace confab::app
