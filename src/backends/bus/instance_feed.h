#pragma once

#include <memory>
#include <vector>

#include "backends/bus/bus.h"

namespace confab::bus {

// Tells followers which instances are alive, by way of the io_context. One thread.
class InstanceFeed {
 public:
  explicit InstanceFeed(asio::io_context& io) : io_(io) {}

  std::unique_ptr<Bus::Following> Add(Bus::OnInstances on_instances);
  void Publish(std::vector<InstanceName> alive);

 private:
  // Shared with the follower's handle, and weakly with calls under way.
  struct Follower {
    Bus::OnInstances on_instances;
    uint64_t told_version = 0;
  };
  struct Known {
    std::vector<InstanceName> alive;
    uint64_t version = 0;
  };
  class Handle;

  void Post(const std::shared_ptr<Follower>& follower);

  asio::io_context& io_;
  std::shared_ptr<Known> known_ = std::make_shared<Known>();  // outlives this for calls under way
  std::vector<std::weak_ptr<Follower>> followers_;
};

}  // namespace confab::bus
