#pragma once

#include <memory>

#include "app/parts/authority_part.h"
#include "app/parts/bus_part.h"
#include "app/parts/gateway_part.h"
#include "app/parts/logs_part.h"
#include "app/parts/media_part.h"
#include "app/parts/shared_tokens_part.h"
#include "app/parts/signaling_part.h"
#include "app/parts/store_part.h"
#include "app/process/composition.h"
#include "app/process/service_link.h"
#include "app/serve/start_report.h"

namespace confab::app {

// The services of `confab serve` in one process: media on its own threads, signaling and gateway on
// the io_context's. They meet as they would on several machines: signaling calls media over gRPC
// (the in-process channel, with a token), the gateway forwards Socket.IO to signaling over
// loopback. The log viewer has a thread of its own.
class Serving final : public Composition {
 public:
  explicit Serving(const Environment& environment);

  Result<void> Start() override;
  // Asks itself for a page and the media port; what failed is told in sentences.
  asio::awaitable<std::string> Report() override;
  asio::awaitable<void> Stop(TimeDelta deadline) override;

 private:
  discovery::Instance OwnMedia() const;
  Result<void> StartMedia();
  Result<void> StartSignaling();
  Result<void> StartGateway();
  // Whose port is taken is no reason for calls not to be possible.
  Result<void> StartLogs();
  gateway::ReadyReport Ready() const;
  // Returns when every part is ready, or after a bounded time.
  asio::awaitable<void> UntilReady();
  StartReport Describe();

  const Environment environment_;
  std::unique_ptr<AuthorityPart> authority_;
  std::unique_ptr<ServiceLink> link_;
  std::unique_ptr<StorePart> store_;
  std::unique_ptr<SharedTokensPart> shared_tokens_;
  std::unique_ptr<BusPart> bus_;  // nullptr: none
  MediaPart media_;
  SignalingPart signaling_;
  GatewayPart gateway_;
  std::unique_ptr<LogsPart> logs_;  // nullptr: none
  std::string logs_problem_;        // a sentence why there is none, where there should be one
};

}  // namespace confab::app
