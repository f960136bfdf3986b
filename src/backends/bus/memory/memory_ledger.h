#pragma once

#include <memory>

#include "backends/bus/ledger.h"
#include "backends/bus/memory/memory_hub.h"

namespace confab::bus {

// One instance's way to a hub. Every answer comes in a later turn.
class MemoryLedger final : public Ledger {
 public:
  // The hub is shared by all of its ledgers.
  MemoryLedger(asio::io_context& io, std::shared_ptr<MemoryHub> hub);

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
  void TellNews(const std::string& room);

  std::shared_ptr<MemoryHub> hub_;
  // Shared with calls to the listener that are under way, weakly.
  std::shared_ptr<MemoryHub::Subscriber> subscriber_;
  // As this instance knows it, which outlives the ledger in questions under way.
  std::shared_ptr<uint64_t> generation_ = std::make_shared<uint64_t>(0);
};

}  // namespace confab::bus
