#pragma once

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/discovery/discovery.h"

namespace confab::gateway {

// An instance that can be called.
struct Peer {
  std::string id;
  std::shared_ptr<grpc::Channel> channel;  // shared: gRPC's own way to own one
};

// The channels to all instances of a service. One whose instance stays as it is stays open when
// others come and go. On the io_context's thread.
class PeerChannels {
 public:
  // nullptr where there can be none.
  using Connect = std::function<std::shared_ptr<grpc::Channel>(const discovery::Instance&)>;

  explicit PeerChannels(Connect connect) : connect_(std::move(connect)) {}

  // All instances that there are now. Returns those that can be called, in the same order.
  std::vector<Peer> Set(const std::vector<discovery::Instance>& instances);

 private:
  struct Open {
    discovery::Instance instance;
    std::shared_ptr<grpc::Channel> channel;
  };
  std::shared_ptr<grpc::Channel> ChannelTo(const discovery::Instance& instance) const;

  Connect connect_;
  std::vector<Open> open_;
};

}  // namespace confab::gateway
