#pragma once

#include <memory>
#include <vector>

#include "app/process/environment.h"
#include "services/gateway/ready_report.h"
#include "services/signaling/signaling_service.h"

namespace confab::app {

// The signaling service as the configuration has it, with its metrics and its log. On the
// io_context's thread.
class SignalingPart {
 public:
  // How others reach it; the rest comes from the configuration.
  struct Doors {
    std::string address = "127.0.0.1";
    uint16_t port = 0;  // of Socket.IO; 0: the system chooses
    net::HttpHandler* other_paths = nullptr;
    rpc::ServerOptions grpc;
    rpc::TokenCheck check_token;
    signaling::MediaConnect connect_media;
    auth::Authority* authority = nullptr;  // outlives the part
    store::Store* store = nullptr;         // outlives the part
    std::string record_name;               // as SignalingOptions has it
    bus::Bus* bus = nullptr;               // outlives the part; nullptr: none
    signaling::Placement placement = signaling::Placement::kHashed;
  };

  explicit SignalingPart(const Environment& environment) : environment_(environment) {}
  ~SignalingPart();
  SignalingPart(const SignalingPart&) = delete;
  SignalingPart& operator=(const SignalingPart&) = delete;

  // After an error nothing is left to stop.
  Result<void> Start(Doors doors);
  asio::awaitable<void> Stop(TimeDelta deadline);

  signaling::SignalingService& service() { return *signaling_; }
  const signaling::SignalingService& service() const { return *signaling_; }
  uint16_t port() const { return port_; }  // of Socket.IO
  gateway::ReadyReport::Part Ready() const;

 private:
  void AddMetrics();
  void AddSocketMetrics();
  void AddPlacementMetrics();

  const Environment environment_;
  std::unique_ptr<signaling::SignalingService> signaling_;
  uint16_t port_ = 0;
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
};

}  // namespace confab::app
