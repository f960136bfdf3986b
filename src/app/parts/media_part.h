#pragma once

#include <memory>
#include <vector>

#include "app/process/environment.h"
#include "app/serve/addresses.h"
#include "app/serve/media_watch.h"
#include "base/socket_address.h"
#include "services/gateway/ready_report.h"
#include "services/media/media_service.h"

namespace confab::app {

// The media service as the configuration has it, with its metrics. On its own threads; its
// functions belong to the io_context's.
class MediaPart {
 public:
  explicit MediaPart(const Environment& environment);
  ~MediaPart();
  MediaPart(const MediaPart&) = delete;
  MediaPart& operator=(const MediaPart&) = delete;

  // After an error nothing is left to stop.
  Result<void> Start(rpc::ServerOptions grpc, media::Checks checks);
  void Stop();

  media::MediaService& service() { return *media_; }
  const Announcement& announcement() const { return announcement_; }
  // Of this machine, the best first.
  const std::vector<SocketAddress>& local() const { return local_; }
  gateway::ReadyReport::Part Ready() const;
  // Asks each media port of ours; the sentences of what failed.
  asio::awaitable<std::vector<std::string>> Check();

 private:
  const Environment environment_;
  std::vector<SocketAddress> local_;
  std::vector<SocketAddress> listen_;  // at least one
  Announcement announcement_;
  std::unique_ptr<media::MediaService> media_;
  std::unique_ptr<MediaWatch> watch_;
};

// Where the program finds its own port: loopback, unless it listens elsewhere.
SocketAddress OwnAddress(SocketAddress listening);

}  // namespace confab::app
