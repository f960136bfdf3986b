#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "backends/bus/redis/redis_wire.h"
#include "backends/bus/redis/room_scripts.h"

namespace confab::bus {

// The connection for commands: connects when something is asked, and again when it broke; many
// questions may be under way. One thread; shared with its coroutines.
class RedisClient : public std::enable_shared_from_this<RedisClient> {
 public:
  RedisClient(asio::io_context& io, std::shared_ptr<const RedisOptions> options, TimeDelta request)
      : io_(io), options_(std::move(options)), request_(request), opened_(io.get_executor()) {}

  // kUnavailable: nobody knows whether it was done; kLimitExceeded: Redis is full, it was not done.
  asio::awaitable<Result<Reply>> Ask(std::vector<std::string> words);
  asio::awaitable<Result<Reply>> Run(Script script, std::vector<std::string> keys,
                                     std::vector<std::string> arguments);
  // Everything under way fails, and whatever is asked from now on.
  void Stop();

 private:
  // Shared by who asked and the reader.
  struct Question {
    explicit Question(const asio::any_io_executor& executor) : answered(executor) {}
    net::Event answered;
    Result<Reply> reply;
  };

  static asio::awaitable<Result<void>> Connect(std::shared_ptr<RedisClient> self);
  static asio::awaitable<Result<void>> Open(std::shared_ptr<RedisClient> self);
  static asio::awaitable<Result<void>> LoadScripts(std::shared_ptr<RedisClient> self,
                                                   std::shared_ptr<RedisWire> wire);
  static asio::awaitable<void> ReadAll(std::shared_ptr<RedisClient> self,
                                       std::shared_ptr<RedisWire> wire);
  void Lose(const std::shared_ptr<RedisWire>& wire, const Error& error);
  Result<Reply> Judge(Result<Reply> reply);

  asio::io_context& io_;
  std::shared_ptr<const RedisOptions> options_;
  TimeDelta request_;
  std::shared_ptr<RedisWire> wire_;  // none while not connected
  std::array<std::string, kScriptCount> hashes_;
  std::deque<std::shared_ptr<Question>> questions_;  // in the order of the answers
  net::Event opened_;
  Result<void> open_result_;
  bool is_opening_ = false;
  bool is_stopped_ = false;
};

}  // namespace confab::bus
