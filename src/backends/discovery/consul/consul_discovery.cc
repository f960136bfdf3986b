#include "backends/discovery/consul/consul_discovery.h"

#include <utility>

#include "base/check.h"

namespace confab::discovery {

ConsulDiscovery::ConsulDiscovery(asio::io_context& io, ConsulApi api, const ConsulTimes& times,
                                 observe::Logger logger)
    : io_(io),
      api_(std::make_shared<const ConsulApi>(std::move(api))),
      times_(times),
      logger_(std::move(logger)) {}

ConsulDiscovery::~ConsulDiscovery() {
  for (const auto& watch : watches_) {
    if (watch) watch->Stop();
  }
  if (registration_) registration_->Stop();
}

std::unique_ptr<Discovery::Following> ConsulDiscovery::Follow(ServiceKind service,
                                                              OnChange on_change) {
  auto& watch = watches_[static_cast<size_t>(service)];
  if (!watch) {
    watch = std::make_shared<ConsulWatch>(io_, api_, service, times_, logger_);
    watch->Start();
  }
  return watch->feed().Add(std::move(on_change));
}

void ConsulDiscovery::Announce(Instance self) {
  CHECK(!registration_);  // discovery.h: at most once
  registration_ = std::make_shared<ConsulRegistration>(io_, api_, std::move(self), times_, logger_);
  registration_->Start();
}

asio::awaitable<void> ConsulDiscovery::Withdraw(TimeDelta deadline) {
  const auto registration = registration_;
  if (registration) co_await registration->Withdraw(deadline);
}

DiscoveryStatus ConsulDiscovery::status() const {
  DiscoveryStatus status = Standing();
  const ConsulCounts& counts = api_->counts();
  status.answered = counts.answered;
  status.unanswered = counts.unanswered;
  status.answer_times = counts.answer_times;
  return status;
}

DiscoveryStatus ConsulDiscovery::Standing() const {
  bool has_asked = false;
  const auto down = [&](const auto& loop) {
    has_asked = has_asked || loop;
    return loop && !loop->standing().is_up();
  };
  for (const auto& watch : watches_) {
    if (down(watch)) return {.is_up = false, .reason = watch->standing().reason()};
  }
  if (down(registration_)) return {.is_up = false, .reason = registration_->standing().reason()};
  if (!has_asked) return {.is_up = false, .reason = "Consul has not been asked yet"};
  return {.is_up = true, .reason = ""};
}

}  // namespace confab::discovery
