#include "services/gateway/signaling_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "net/http_fetch.h"

namespace confab::gateway {
namespace {

enum class Answer : uint8_t { kNone, kNotReady, kReady };

std::string ReadyUrl(const discovery::Instance& instance) {
  const bool is_ipv6 = instance.host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}/readyz", is_ipv6 ? "[" : "", instance.host,
                     is_ipv6 ? "]" : "", instance.http_port);
}

}  // namespace

struct SignalingWatch::State : std::enable_shared_from_this<State> {
  explicit State(asio::io_context& context) : io(context), timer(context) {}

  // Each instance by itself: one that hangs holds up nobody.
  void AskAll() {
    for (const auto& [id, instance] : instances) {
      asio::co_spawn(io, Ask(shared_from_this(), instance), asio::detached);
    }
  }

  static asio::awaitable<void> Ask(std::shared_ptr<State> self, discovery::Instance instance) {
    net::HttpFetchOptions options;
    options.timeout = kAnswerTime;
    const auto response = co_await net::HttpFetch(ReadyUrl(instance), std::move(options));
    const auto known = self->instances.find(instance.id);
    if (known == self->instances.end() || known->second != instance) co_return;
    self->answers[instance.id] = !response                 ? Answer::kNone
                                 : response->status == 200 ? Answer::kReady
                                                           : Answer::kNotReady;
  }

  static asio::awaitable<void> Run(std::shared_ptr<State> self) {
    while (!self->is_ended) {
      self->AskAll();
      self->timer.expires_after(ToChrono(kInterval));
      co_await self->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  asio::io_context& io;
  asio::steady_timer timer;
  std::map<std::string, discovery::Instance> instances;
  std::map<std::string, Answer> answers;  // of `instances`
  bool is_ended = false;
};

SignalingWatch::SignalingWatch(asio::io_context& io) : state_(std::make_shared<State>(io)) {
  asio::co_spawn(io, State::Run(state_), asio::detached);
}

SignalingWatch::~SignalingWatch() {
  state_->is_ended = true;
  state_->instances.clear();
  state_->timer.cancel();
}

void SignalingWatch::Set(std::vector<discovery::Instance> instances) {
  state_->instances.clear();
  for (discovery::Instance& instance : instances) {
    std::string id = instance.id;
    state_->instances.emplace(std::move(id), std::move(instance));
  }
  std::erase_if(state_->answers,
                [&](const auto& entry) { return !state_->instances.contains(entry.first); });
  state_->AskAll();
}

ReadyReport SignalingWatch::Report() const {
  const auto has = [&](Answer answer) {
    return std::ranges::any_of(state_->answers,
                               [&](const auto& entry) { return entry.second == answer; });
  };
  const bool is_ready = has(Answer::kReady);
  const bool answers = is_ready || has(Answer::kNotReady);
  const char* no_signaling = state_->instances.empty() ? "No signaling instance is known."
                                                       : "No signaling instance answers.";
  const char* no_media = answers ? "No signaling instance reaches a media instance."
                                 : "Only signaling instances know, and none answers.";
  return {
      .parts = {{.name = "signaling", .is_ready = answers, .reason = answers ? "" : no_signaling},
                {.name = "media", .is_ready = is_ready, .reason = is_ready ? "" : no_media}}};
}

}  // namespace confab::gateway
