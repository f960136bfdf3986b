#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <memory>

#include "backends/discovery/consul/consul_api.h"
#include "backends/discovery/consul/consul_times.h"
#include "backends/discovery/consul/standing.h"
#include "base/back_off.h"
#include "net/event.h"

namespace confab::discovery {

// Keeps one instance registered: renews its TTL check, and registers it again whenever the renewal
// fails. Because the renewal comes from the thread that does the work, Consul takes a process that
// hangs for what it is. One thread.
//
// Shared with its own coroutine, which may be in a name's resolution that nothing can interrupt.
class ConsulRegistration : public std::enable_shared_from_this<ConsulRegistration> {
 public:
  ConsulRegistration(asio::io_context& io, std::shared_ptr<const ConsulApi> api, Instance self,
                     const ConsulTimes& times, observe::Logger logger);

  void Start();  // once
  // Lets a request that is under way end, so that it cannot come after, and deregisters; what is
  // not done at the deadline is left to the check's TTL.
  asio::awaitable<void> Withdraw(TimeDelta deadline);
  // At once, without a word to Consul.
  void Stop();

  const Standing& standing() const { return standing_; }

 private:
  static asio::awaitable<void> Run(std::shared_ptr<ConsulRegistration> self);
  asio::awaitable<Result<void>> RenewOrRegister();
  asio::awaitable<Result<void>> Register();

  asio::io_context& io_;
  std::shared_ptr<const ConsulApi> api_;
  Instance self_;
  ConsulTimes times_;
  observe::Logger logger_;
  Standing standing_;
  BackOff back_off_;
  net::Event wake_;
  net::Event ended_;  // the coroutine
  bool is_registered_ = false;
  bool is_stopped_ = false;
  asio::cancellation_signal stop_;
};

}  // namespace confab::discovery
