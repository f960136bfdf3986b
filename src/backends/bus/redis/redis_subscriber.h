#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "backends/bus/limits.h"
#include "backends/bus/redis/redis_wire.h"

namespace confab::bus {

// The connection on which Redis tells what happens (pub/sub): one for all channels, which are asked
// for again whenever it broke, or Redis refused one of them. One thread; shared with its
// coroutines.
class RedisSubscriber : public std::enable_shared_from_this<RedisSubscriber> {
 public:
  struct Listener {
    // From now on nothing is missed; before, anything may have been.
    std::function<void(const std::string& channel)> on_subscribed;
    std::function<void(const std::string& channel, const std::string& bytes)> on_message;
    // Ledger::Listener::on_hearing.
    std::function<void(const std::string& why_not)> on_hearing;
  };

  RedisSubscriber(asio::io_context& io, std::shared_ptr<const RedisOptions> options,
                  const Times& times)
      : io_(io),
        options_(std::move(options)),
        times_(times),
        again_(io.get_executor()),
        pause_(times.first_back_off) {}

  void Start(Listener listener);  // once
  void Stop();                    // the listener is not called any more

  void Subscribe(const std::string& channel);
  void Unsubscribe(const std::string& channel);
  // Channels of which the pattern holds; on_subscribed is told the pattern.
  void SubscribePattern(const std::string& pattern);

 private:
  static asio::awaitable<void> Run(std::shared_ptr<RedisSubscriber> self);
  // Until the connection has ended, and why it did.
  static asio::awaitable<Error> ReadAll(std::shared_ptr<RedisSubscriber> self,
                                        std::shared_ptr<RedisWire> wire);
  static asio::awaitable<void> KeepAsking(std::shared_ptr<RedisSubscriber> self,
                                          std::shared_ptr<RedisWire> wire);
  void SubscribeEverything();
  void Take(const Reply& reply);
  void Hear();
  void Miss(const Error& error);

  asio::io_context& io_;
  std::shared_ptr<const RedisOptions> options_;
  Times times_;
  Listener listener_;
  std::shared_ptr<RedisWire> wire_;  // none while not connected
  std::set<std::string> channels_;
  std::set<std::string> patterns_;
  net::Event again_;
  TimeDelta pause_;                         // before the next connection
  std::optional<Timestamp> missing_since_;  // the first failure since all was confirmed
  bool is_deaf_ = false;                    // the listener has been told
  bool is_stopped_ = false;
};

}  // namespace confab::bus
