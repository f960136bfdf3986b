#include "backends/discovery/feed.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <optional>
#include <utility>

namespace confab::discovery {
namespace {

struct Follower {
  Discovery::OnChange on_change;
  uint64_t told_version = 0;
};

// Shared with the calls that are under way, which hold it weakly until they are made.
class FollowerHandle final : public Discovery::Following {
 public:
  explicit FollowerHandle(std::shared_ptr<Follower> follower) : follower_(std::move(follower)) {}

 private:
  std::shared_ptr<Follower> follower_;
};

}  // namespace

struct Feed::State {
  explicit State(asio::io_context& context) : io(context) {}

  asio::io_context& io;
  std::vector<std::weak_ptr<Follower>> followers;
  std::optional<std::vector<Instance>> known;
  uint64_t version = 0;

  static void Post(const std::shared_ptr<State>& state, std::weak_ptr<Follower> to) {
    asio::post(state->io, [weak = std::weak_ptr(state), to = std::move(to)] {
      const auto from = weak.lock();
      const auto follower = to.lock();
      if (!from || !follower || follower->told_version == from->version) return;
      follower->told_version = from->version;
      // A copy: what is called may end the feed.
      const std::vector<Instance> instances = *from->known;
      follower->on_change(instances);
    });
  }
};

Feed::Feed(asio::io_context& io) : state_(std::make_shared<State>(io)) {}
Feed::~Feed() = default;

std::unique_ptr<Discovery::Following> Feed::Add(Discovery::OnChange on_change) {
  auto follower = std::make_shared<Follower>(Follower{.on_change = std::move(on_change)});
  std::erase_if(state_->followers, [](const auto& each) { return each.expired(); });
  state_->followers.push_back(follower);
  if (state_->known) State::Post(state_, follower);
  return std::make_unique<FollowerHandle>(std::move(follower));
}

void Feed::Publish(std::vector<Instance> instances) {
  std::ranges::sort(instances, {}, &Instance::id);
  if (state_->known == instances) return;
  state_->known = std::move(instances);
  ++state_->version;
  for (const auto& follower : state_->followers) State::Post(state_, follower);
}

}  // namespace confab::discovery
