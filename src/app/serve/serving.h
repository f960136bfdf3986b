#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "app/serve/addresses.h"
#include "app/serve/media_watch.h"
#include "app/serve/start_report.h"
#include "net/asio.h"
#include "net/tls_context.h"
#include "observe/logger.h"
#include "observe/metrics.h"
#include "services/gateway/gateway_service.h"
#include "services/media/media_service.h"
#include "services/signaling/signaling_service.h"

namespace confab::app {

// The services of `confab serve` in one process: media on its own threads, signaling and gateway on
// the io_context's. They meet as they would on several machines: signaling calls media over gRPC
// (the in-process channel), the gateway forwards Socket.IO to signaling over loopback.
// The logger's writer, the registry and the io_context must outlive it.
class Serving {
 public:
  Serving(asio::io_context& io, Config config, observe::Logger logger,
          observe::MetricsRegistry& metrics);
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  // Starts media, signaling, gateway, in that order. After an error nothing is left to stop.
  Result<void> Start();
  // Asks itself for a page and the media port; the sentences of what failed go into the report.
  asio::awaitable<StartReport> CheckItself();
  // Says goodbye to clients, then ends everything, within about `deadline`.
  asio::awaitable<void> Stop(TimeDelta deadline);

 private:
  Result<void> StartMedia();
  Result<void> StartSignaling();
  Result<void> StartGateway();
  Result<void> MakeCertificate();
  void AddSignalingMetrics();
  gateway::ReadyReport Ready() const;
  // Returns when every part is ready, or after a bounded time.
  asio::awaitable<void> UntilReady();
  StartReport Report() const;

  asio::io_context& io_;
  const Config config_;
  const observe::Logger logger_;
  observe::MetricsRegistry& metrics_;
  std::vector<SocketAddress> local_;
  Announcement announcement_;
  size_t descriptors_;  // files that this process may have open
  std::string instance_id_;
  // Shared: the gateway's connections hold it too.
  std::shared_ptr<const net::TlsContext> tls_;
  std::unique_ptr<media::MediaService> media_;
  std::unique_ptr<MediaWatch> media_watch_;
  std::unique_ptr<signaling::SignalingService> signaling_;
  uint16_t signaling_port_ = 0;
  std::unique_ptr<gateway::GatewayService> gateway_;
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
  std::vector<SocketAddress> page_addresses_;
};

}  // namespace confab::app
