#pragma once

#include <memory>

#include "app/parts/authority_part.h"
#include "app/parts/bus_part.h"
#include "app/parts/shared_tokens_part.h"
#include "app/parts/signaling_part.h"
#include "app/parts/store_part.h"
#include "app/process/composition.h"
#include "app/process/health_page.h"
#include "app/process/peers.h"
#include "app/process/service_link.h"

namespace confab::app {

// `confab signaling`: rooms for the clients that gateways send, over media instances elsewhere.
// Health and metrics are on the port of Socket.IO.
class SignalingProcess final : public Composition {
 public:
  explicit SignalingProcess(const Environment& environment);

  Result<void> Start() override;
  asio::awaitable<std::string> Report() override;
  asio::awaitable<void> Stop(TimeDelta deadline) override;

 private:
  gateway::ReadyReport Ready() const;

  const Environment environment_;
  std::unique_ptr<AuthorityPart> authority_;
  std::unique_ptr<ServiceLink> link_;
  std::unique_ptr<StorePart> store_;
  std::unique_ptr<SharedTokensPart> shared_tokens_;
  std::unique_ptr<BusPart> bus_;  // nullptr: none
  std::unique_ptr<Peers> peers_;
  HealthPage health_;
  SignalingPart signaling_;
};

}  // namespace confab::app
