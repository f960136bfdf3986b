#pragma once

#include <array>
#include <memory>
#include <vector>

#include "backends/discovery/discovery.h"
#include "backends/discovery/feed.h"

namespace confab::discovery {

// A list from configuration, which never changes and is taken for healthy. Announcing changes
// nothing: whoever is to be found stands in the lists of the others. Always up.
class StaticDiscovery final : public Discovery {
 public:
  // By ServiceKind; each list by itself is free of double ids (ParseStaticInstances).
  using Lists = std::array<std::vector<Instance>, kServiceKinds>;
  StaticDiscovery(asio::io_context& io, Lists lists);

  std::unique_ptr<Following> Follow(ServiceKind service, OnChange on_change) override;
  void Announce(Instance self) override;
  asio::awaitable<void> Withdraw(TimeDelta deadline) override;
  DiscoveryStatus status() const override;

 private:
  std::array<std::unique_ptr<Feed>, kServiceKinds> feeds_;  // by ServiceKind
};

}  // namespace confab::discovery
