#pragma once

#include <memory>
#include <vector>

#include "backends/discovery/discovery.h"
#include "net/asio.h"
#include "services/gateway/ready_report.h"

namespace confab::gateway {

// Asks every signaling instance that is known whether it is ready, once a second: what a gateway
// that is a process of its own says at /readyz. Decides nothing about routes: an instance that is
// merely slow keeps its rooms. Lives on the io_context's thread. May go at any time: what is under
// way ends by itself within kAnswerTime.
class SignalingWatch {
 public:
  static constexpr TimeDelta kInterval = TimeDelta::Seconds(1);
  static constexpr TimeDelta kAnswerTime = TimeDelta::Seconds(1);

  explicit SignalingWatch(asio::io_context& io);
  ~SignalingWatch();
  SignalingWatch(const SignalingWatch&) = delete;
  SignalingWatch& operator=(const SignalingWatch&) = delete;

  // All that there are now; those that are new are asked at once.
  void Set(std::vector<discovery::Instance> instances);
  // "signaling": one answers. "media": one of them reaches a media service.
  ReadyReport Report() const;

 private:
  struct State;
  // Shared with the coroutines.
  std::shared_ptr<State> state_;
};

}  // namespace confab::gateway
