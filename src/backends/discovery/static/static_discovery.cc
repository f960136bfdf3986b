#include "backends/discovery/static/static_discovery.h"

#include <utility>

namespace confab::discovery {

StaticDiscovery::StaticDiscovery(asio::io_context& io, Lists lists) {
  for (size_t i = 0; i < feeds_.size(); ++i) {
    feeds_[i] = std::make_unique<Feed>(io);
    feeds_[i]->Publish(std::move(lists[i]));
  }
}

std::unique_ptr<Discovery::Following> StaticDiscovery::Follow(ServiceKind service,
                                                              OnChange on_change) {
  return feeds_[static_cast<size_t>(service)]->Add(std::move(on_change));
}

void StaticDiscovery::Announce(Instance) {}

asio::awaitable<void> StaticDiscovery::Withdraw(TimeDelta) {
  co_return;
}

DiscoveryStatus StaticDiscovery::status() const {
  return {.is_up = true, .reason = ""};
}

}  // namespace confab::discovery
