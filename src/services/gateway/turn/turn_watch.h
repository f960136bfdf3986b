#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/asio.h"
#include "services/gateway/turn/turn_server.h"

namespace confab::gateway {

// Asks the TURN servers now and then whether they are there, so that clients are offered those that
// are. Lives on the io_context's thread, which must outlive it.
class TurnWatch {
 public:
  struct Options {
    std::string region;  // ours: its servers are offered first
    TimeDelta interval = TimeDelta::Seconds(5);
    TimeDelta limit = TimeDelta::Seconds(2);  // for one answer
    int failures = 2;                         // in a row: a server counts as away
  };
  // How an address is asked; another in tests.
  using Probe = std::function<asio::awaitable<bool>(TurnUrl, TimeDelta limit)>;

  TurnWatch(asio::io_context& io, std::vector<TurnServer> servers, Options options, Probe probe);
  ~TurnWatch();

  void Start();
  // Those with at least one address that answers, the own region's first, otherwise in their order;
  // where none answers all of them: the watcher may be mistaken, and without TURN some have no
  // call.
  std::vector<TurnServer> Offered() const;
  size_t configured() const;
  // Those that were not found away.
  size_t answering() const;

 private:
  struct State;
  static asio::awaitable<void> Watch(std::shared_ptr<State> state, size_t index);

  asio::io_context& io_;
  // Shared with the coroutines, which may end after this.
  std::shared_ptr<State> state_;
};

}  // namespace confab::gateway
