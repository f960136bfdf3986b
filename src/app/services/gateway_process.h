#pragma once

#include <memory>

#include "app/parts/authority_part.h"
#include "app/parts/gateway_part.h"
#include "app/parts/shared_tokens_part.h"
#include "app/parts/store_part.h"
#include "app/process/composition.h"
#include "app/process/peers.h"
#include "app/process/service_link.h"
#include "services/gateway/signaling_watch.h"

namespace confab::app {

// `confab gateway`: the pages, and the way to the signaling instances that discovery knows.
class GatewayProcess final : public Composition {
 public:
  explicit GatewayProcess(const Environment& environment);

  Result<void> Start() override;
  asio::awaitable<std::string> Report() override;
  asio::awaitable<void> Stop(TimeDelta deadline) override;

 private:
  // For API keys and revocations, where the configuration names a store for all processes.
  Result<void> OpenStore();
  gateway::ReadyReport Ready() const;

  const Environment environment_;
  std::unique_ptr<AuthorityPart> authority_;
  std::unique_ptr<ServiceLink> link_;
  std::unique_ptr<StorePart> store_;  // nullptr: it has none of its own
  std::unique_ptr<SharedTokensPart> shared_tokens_;
  std::unique_ptr<Peers> peers_;
  GatewayPart gateway_;
  std::unique_ptr<gateway::SignalingWatch> watch_;
};

}  // namespace confab::app
