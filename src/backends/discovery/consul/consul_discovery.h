#pragma once

#include <array>
#include <memory>

#include "backends/discovery/consul/consul_api.h"
#include "backends/discovery/consul/consul_registration.h"
#include "backends/discovery/consul/consul_times.h"
#include "backends/discovery/consul/consul_watch.h"
#include "backends/discovery/discovery.h"
#include "observe/logger.h"

namespace confab::discovery {

// Services in Consul, through the HTTP API of an agent (https://developer.hashicorp.com/consul/
// api-docs). A service that was followed once is asked for until the end.
class ConsulDiscovery final : public Discovery {
 public:
  ConsulDiscovery(asio::io_context& io, ConsulApi api, const ConsulTimes& times,
                  observe::Logger logger);
  // Withdraws nothing: the check's TTL does.
  ~ConsulDiscovery() override;
  ConsulDiscovery(const ConsulDiscovery&) = delete;
  ConsulDiscovery& operator=(const ConsulDiscovery&) = delete;

  std::unique_ptr<Following> Follow(ServiceKind service, OnChange on_change) override;
  void Announce(Instance self) override;
  asio::awaitable<void> Withdraw(TimeDelta deadline) override;
  // Up while every loop's last question was answered.
  DiscoveryStatus status() const override;

 private:
  DiscoveryStatus Standing() const;

  asio::io_context& io_;
  // Shared with the loops below, whose coroutines may end after this.
  std::shared_ptr<const ConsulApi> api_;
  ConsulTimes times_;
  observe::Logger logger_;
  // By ServiceKind; none until followed.
  std::array<std::shared_ptr<ConsulWatch>, kServiceKinds> watches_;
  std::shared_ptr<ConsulRegistration> registration_;  // none until announced
};

}  // namespace confab::discovery
