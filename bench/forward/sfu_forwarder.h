#pragma once

#include <memory>

#include "base/error.h"
#include "forward/crowd.h"
#include "forward/forwarder.h"
#include "forward/traffic.h"
#include "services/media/worker_thread.h"

namespace confab::bench {

// confab's media worker, as `confab serve` runs it: real handshakes, real sessions.
class SfuForwarder final : public Forwarder {
 public:
  // Connects everyone: the sender with a producer, each receiver with a consumer of it.
  static Result<std::unique_ptr<SfuForwarder>> Start(Crowd& crowd, const Traffic& traffic);

  std::string_view name() const override { return "confab"; }
  void Feed(int packets) override;
  int64_t CpuNanos() override;
  bool receivers_have_keys() const override { return true; }
  // Processor time of the worker for one peer's transport, ICE and DTLS, in nanoseconds.
  int64_t connect_nanos() const { return connect_nanos_; }

 private:
  SfuForwarder(Crowd& crowd, const Traffic& traffic, rtc::DtlsCertificate certificate);
  Result<void> Join();
  Result<void> ConnectPeers();
  Result<void> Produce();
  Result<void> ConsumeAll();
  // Runs on the worker's thread while the crowd is served here.
  void OnWorker(std::function<void(sfu::Worker&, Timestamp)> work);

  Crowd* crowd_;
  const Traffic* traffic_;
  rtc::DtlsCertificate certificate_;
  std::unique_ptr<media::WorkerThread> worker_;
  rtc::OutgoingStreamIndex stream_;
  int64_t sent_ = 0;
  int64_t connect_nanos_ = 0;
};

}  // namespace confab::bench
