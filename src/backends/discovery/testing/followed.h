#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backends/discovery/discovery.h"

namespace confab::discovery {

// A follower that keeps what it is told.
class Followed {
 public:
  Followed(Discovery& discovery, ServiceKind service) {
    following_ = discovery.Follow(service, [this](const std::vector<Instance>& instances) {
      ++calls;
      known = instances;
    });
  }

  bool Knows(const Instance& instance) const {
    for (const Instance& each : known) {
      if (each == instance) return true;
    }
    return false;
  }
  bool KnowsId(std::string_view id) const {
    for (const Instance& each : known) {
      if (each.id == id) return true;
    }
    return false;
  }
  void End() { following_.reset(); }

  int calls = 0;
  std::vector<Instance> known;

 private:
  std::unique_ptr<Discovery::Following> following_;
};

}  // namespace confab::discovery
