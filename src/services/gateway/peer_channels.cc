#include "services/gateway/peer_channels.h"

#include <algorithm>
#include <utility>

namespace confab::gateway {

std::vector<Peer> PeerChannels::Set(const std::vector<discovery::Instance>& instances) {
  std::vector<Open> open;
  std::vector<Peer> peers;
  for (const discovery::Instance& instance : instances) {
    auto channel = ChannelTo(instance);
    if (!channel) continue;
    peers.push_back({.id = instance.id, .channel = channel});
    open.push_back({.instance = instance, .channel = std::move(channel)});
  }
  open_ = std::move(open);
  return peers;
}

std::shared_ptr<grpc::Channel> PeerChannels::ChannelTo(const discovery::Instance& instance) const {
  const auto same = std::ranges::find(open_, instance, &Open::instance);
  return same != open_.end() ? same->channel : connect_(instance);
}

}  // namespace confab::gateway
