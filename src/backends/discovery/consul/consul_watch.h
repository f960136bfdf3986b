#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <string>
#include <vector>

#include "backends/discovery/consul/blocking_index.h"
#include "backends/discovery/consul/consul_api.h"
#include "backends/discovery/consul/consul_times.h"
#include "backends/discovery/consul/rate_limit.h"
#include "backends/discovery/consul/standing.h"
#include "backends/discovery/feed.h"
#include "base/back_off.h"

namespace confab::discovery {

// Asks Consul for the healthy instances of one service, again and again by blocking queries, and
// publishes what it says. While Consul is away the last list stays; when it is back, who was known
// before stays known for `settling`, because Consul hears of everyone again only little by little.
// One thread.
//
// Shared with its own coroutine, which may be in a name's resolution that nothing can interrupt.
class ConsulWatch : public std::enable_shared_from_this<ConsulWatch> {
 public:
  ConsulWatch(asio::io_context& io, std::shared_ptr<const ConsulApi> api, ServiceKind kind,
              const ConsulTimes& times, observe::Logger logger);

  void Start();  // once
  // Nothing is asked or published any more.
  void Stop();

  Feed& feed() { return feed_; }
  const Standing& standing() const { return standing_; }

 private:
  static asio::awaitable<void> Run(std::shared_ptr<ConsulWatch> self);
  asio::awaitable<bool> AskOnce();
  TimeDelta WaitForNews() const;
  void Take(ConsulApi::Instances found);
  // With those that were known before an outage, while it is settling.
  std::vector<Instance> Completed(std::vector<Instance> instances) const;

  asio::io_context& io_;
  std::shared_ptr<const ConsulApi> api_;
  ServiceKind kind_;
  ConsulTimes times_;
  observe::Logger logger_;
  Standing standing_;
  Feed feed_;
  BlockingIndex index_;
  BackOff back_off_;
  RateLimit rate_;
  std::vector<Instance> published_;
  bool was_away_ = false;
  Timestamp settled_at_ = Timestamp::Past();
  std::string complaint_;  // what was said last of entries that were left out
  asio::cancellation_signal stop_;
  bool is_stopped_ = false;
};

}  // namespace confab::discovery
