#pragma once

#include <memory>

#include "app/parts/authority_part.h"
#include "app/parts/relay_part.h"
#include "app/process/composition.h"
#include "app/process/health_page.h"
#include "net/http_server.h"

namespace confab::app {

// `confab relay`: joins the bus of two regions, and its health and metrics over HTTP.
class RelayProcess final : public Composition {
 public:
  explicit RelayProcess(const Environment& environment);

  Result<void> Start() override;
  asio::awaitable<std::string> Report() override;
  asio::awaitable<void> Stop(TimeDelta deadline) override;

 private:
  gateway::ReadyReport Ready() const { return {.parts = {relay_->Ready()}}; }

  const Environment environment_;
  std::unique_ptr<AuthorityPart> authority_;
  std::unique_ptr<RelayPart> relay_;
  HealthPage health_;
  net::HttpServer http_;
  uint16_t http_port_ = 0;
};

}  // namespace confab::app
