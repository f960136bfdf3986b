#include "backends/bus/instance_feed.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace confab::bus {

class InstanceFeed::Handle final : public Bus::Following {
 public:
  explicit Handle(std::shared_ptr<Follower> follower) : follower_(std::move(follower)) {}

 private:
  std::shared_ptr<Follower> follower_;
};

std::unique_ptr<Bus::Following> InstanceFeed::Add(Bus::OnInstances on_instances) {
  auto follower = std::make_shared<Follower>(Follower{.on_instances = std::move(on_instances)});
  std::erase_if(followers_, [](const auto& each) { return each.expired(); });
  followers_.push_back(follower);
  if (known_->version > 0) Post(follower);
  return std::make_unique<Handle>(std::move(follower));
}

void InstanceFeed::Publish(std::vector<InstanceName> alive) {
  known_->alive = std::move(alive);
  ++known_->version;
  for (const auto& each : followers_) {
    if (const auto follower = each.lock()) Post(follower);
  }
}

void InstanceFeed::Post(const std::shared_ptr<Follower>& follower) {
  asio::post(io_, [known = known_, weak = std::weak_ptr(follower)] {
    const auto to = weak.lock();
    if (!to || to->told_version == known->version) return;
    to->told_version = known->version;
    const std::vector<InstanceName> alive = known->alive;  // what is called may end the feed
    to->on_instances(alive);
  });
}

}  // namespace confab::bus
