#include "services/gateway/turn/turn_watch.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

namespace confab::gateway {

struct TurnWatch::State {
  std::vector<TurnServer> servers;
  Options options;
  Probe probe;
  std::vector<int> failures;  // in a row, by server
  std::vector<std::unique_ptr<asio::steady_timer>> pauses;
  bool is_over = false;
};

TurnWatch::TurnWatch(asio::io_context& io, std::vector<TurnServer> servers, Options options,
                     Probe probe)
    : io_(io), state_(std::make_shared<State>()) {
  state_->failures.resize(servers.size());
  for (size_t i = 0; i < servers.size(); ++i) {
    state_->pauses.push_back(std::make_unique<asio::steady_timer>(io));
  }
  state_->servers = std::move(servers);
  state_->options = std::move(options);
  state_->probe = std::move(probe);
}

TurnWatch::~TurnWatch() {
  state_->is_over = true;
  for (const auto& pause : state_->pauses) pause->cancel();
}

void TurnWatch::Start() {
  for (size_t i = 0; i < state_->servers.size(); ++i) {
    asio::co_spawn(io_, Watch(state_, i), asio::detached);
  }
}

asio::awaitable<void> TurnWatch::Watch(std::shared_ptr<State> state, size_t index) {
  while (!state->is_over) {
    bool answers = false;
    for (const TurnUrl& url : state->servers[index].urls) {
      answers = answers || co_await state->probe(url, state->options.limit);
    }
    state->failures[index] = answers ? 0 : state->failures[index] + 1;
    if (state->is_over) break;
    state->pauses[index]->expires_after(ToChrono(state->options.interval));
    co_await state->pauses[index]->async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

size_t TurnWatch::configured() const {
  return state_->servers.size();
}

size_t TurnWatch::answering() const {
  return static_cast<size_t>(std::ranges::count_if(
      state_->failures, [this](int failures) { return failures < state_->options.failures; }));
}

std::vector<TurnServer> TurnWatch::Offered() const {
  std::vector<TurnServer> offered;
  for (size_t i = 0; i < state_->servers.size(); ++i) {
    if (state_->failures[i] < state_->options.failures) offered.push_back(state_->servers[i]);
  }
  if (offered.empty()) offered = state_->servers;
  std::ranges::stable_partition(offered, [this](const TurnServer& server) {
    return server.region == state_->options.region;
  });
  return offered;
}

}  // namespace confab::gateway
