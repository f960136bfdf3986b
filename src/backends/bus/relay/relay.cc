#include "backends/bus/relay/relay.h"

#include <utility>

#include "backends/bus/relay/mirror.h"

namespace confab::bus {
namespace {

// What the source's ledger tells goes to the mirror that reads it.
void Listen(Ledger& ledger, const std::shared_ptr<Mirror>& mirror) {
  Ledger::Listener listener;
  listener.on_news = [weak = std::weak_ptr(mirror)](const std::string& room) {
    if (const auto to = weak.lock()) to->TakeNews(room);
  };
  listener.on_message = [weak = std::weak_ptr(mirror)](const std::string& channel,
                                                       const std::string& bytes) {
    if (const auto to = weak.lock()) to->TakeMessage(channel, bytes);
  };
  listener.on_instances = [weak = std::weak_ptr(mirror)] {
    if (const auto to = weak.lock()) to->TakeInstances();
  };
  listener.on_hearing = [weak = std::weak_ptr(mirror)](const std::string& why_not) {
    if (const auto to = weak.lock()) to->TakeHearing(why_not);
  };
  ledger.Listen(std::move(listener));
}

}  // namespace

Relay::Relay(asio::io_context& io, Side one, Side other, const Times& times) {
  const Mirror::Side first{.ledger = std::move(one.ledger), .region = std::move(one.region)};
  const Mirror::Side second{.ledger = std::move(other.ledger), .region = std::move(other.region)};
  there_ = std::make_shared<Mirror>(io, first, second, times);
  back_ = std::make_shared<Mirror>(io, second, first, times);
  Listen(*first.ledger, there_);
  Listen(*second.ledger, back_);
  there_->Start();
  back_->Start();
}

Relay::~Relay() {
  there_->Stop();
  back_->Stop();
}

RelayStatus Relay::status() const {
  return {.is_up = there_->is_up() && back_->is_up(),
          .reason = there_->is_up() ? back_->reason() : there_->reason(),
          .relayed = there_->relayed() + back_->relayed(),
          .left_out = there_->left_out() + back_->left_out()};
}

}  // namespace confab::bus
