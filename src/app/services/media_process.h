#pragma once

#include <memory>

#include "app/parts/authority_part.h"
#include "app/parts/media_part.h"
#include "app/process/composition.h"
#include "app/process/health_page.h"
#include "app/process/peers.h"
#include "app/process/service_link.h"
#include "net/http_server.h"

namespace confab::app {

// `confab media`: the media service for signaling instances elsewhere, over gRPC, and its health
// and metrics over HTTP.
class MediaProcess final : public Composition {
 public:
  explicit MediaProcess(const Environment& environment);

  Result<void> Start() override;
  asio::awaitable<std::string> Report() override;
  asio::awaitable<void> Stop(TimeDelta deadline) override;

 private:
  gateway::ReadyReport Ready() const { return {.parts = {media_.Ready()}}; }

  const Environment environment_;
  std::unique_ptr<AuthorityPart> authority_;
  std::unique_ptr<ServiceLink> link_;
  std::unique_ptr<Peers> peers_;
  MediaPart media_;
  HealthPage health_;
  net::HttpServer http_;
  uint16_t http_port_ = 0;
};

}  // namespace confab::app
