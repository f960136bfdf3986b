#pragma once

#include <memory>
#include <string>

#include "backends/bus/bus.h"
#include "backends/bus/ledger.h"

namespace confab::bus {

struct BusContext;
class RoomReaders;
class Publisher;
class Pulse;

// The bus over any ledger: the one place where its rules are. Begins to beat at once.
class LedgerBus final : public Bus {
 public:
  LedgerBus(asio::io_context& io, std::unique_ptr<Ledger> ledger, InstanceName self,
            const Times& times);
  // Everything that waits is refused with kShuttingDown. Others hear of our end after the ttl.
  ~LedgerBus() override;
  LedgerBus(const LedgerBus&) = delete;
  LedgerBus& operator=(const LedgerBus&) = delete;

  const InstanceName& self() const override;
  asio::awaitable<Result<uint64_t>> Change(std::string room, RoomChange change,
                                           Patience patience) override;
  asio::awaitable<Result<RoomState>> Snapshot(std::string room) override;
  std::unique_ptr<Following> Follow(const std::string& room, Position position,
                                    Follower follower) override;
  std::unique_ptr<Following> FollowInstances(OnInstances on_instances) override;
  asio::awaitable<Result<void>> Send(InstanceName to, std::string bytes) override;
  void SetOnMessage(OnMessage on_message) override;
  asio::awaitable<void> Leave(TimeDelta deadline) override;
  BusStatus status() const override;

 private:
  // Shared with the ledger's listener and with messages under way.
  struct Mail;
  static asio::awaitable<Result<void>> Post(std::shared_ptr<BusContext> context,
                                            std::shared_ptr<Mail> mail, InstanceName to,
                                            std::string message);

  // Shared with their coroutines, which may end after this.
  std::shared_ptr<BusContext> context_;
  std::shared_ptr<RoomReaders> readers_;
  std::shared_ptr<Publisher> publisher_;
  std::shared_ptr<Pulse> pulse_;
  std::shared_ptr<Mail> mail_;
};

}  // namespace confab::bus
