#pragma once

#include <memory>
#include <string>

#include "backends/bus/ledger.h"
#include "backends/bus/limits.h"
#include "backends/bus/redis/redis_options.h"

namespace confab::bus {

class RedisSubscriber;

// A region's rooms in Redis: one connection for questions, one on which it tells what happens,
// however many rooms are followed.
class RedisLedger final : public Ledger {
 public:
  // `region` as InstanceName takes it. Nothing is asked before Listen.
  RedisLedger(asio::io_context& io, RedisOptions options, std::string region, const Times& times);
  ~RedisLedger() override;
  RedisLedger(const RedisLedger&) = delete;
  RedisLedger& operator=(const RedisLedger&) = delete;

  void Listen(Listener listener) override;
  asio::awaitable<Result<Written>> Write(std::string room, Draft draft) override;
  asio::awaitable<Result<LogRead>> Read(std::string room, std::string life,
                                        uint64_t after) override;
  asio::awaitable<Result<RoomState>> Snapshot(std::string room) override;
  asio::awaitable<Result<void>> Touch(std::string room) override;
  asio::awaitable<Result<Beat>> DoBeat(InstanceName self,
                                       std::vector<InstanceName> remote) override;
  asio::awaitable<Result<void>> Leave(InstanceName self) override;
  void Subscribe(const std::string& room) override;
  void Unsubscribe(const std::string& room) override;
  void SubscribeChannel(const std::string& channel) override;
  void UnsubscribeChannel(const std::string& channel) override;
  asio::awaitable<Result<size_t>> Publish(std::string channel, std::string bytes) override;
  void SubscribeAll() override;
  asio::awaitable<Result<std::string>> Mark(std::string room, std::string name) override;

 private:
  // Shared with the questions under way.
  struct Core;
  std::shared_ptr<Core> core_;
  std::shared_ptr<RedisSubscriber> subscriber_;
};

}  // namespace confab::bus
