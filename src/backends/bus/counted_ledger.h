#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backends/bus/ledger.h"
#include "base/bucket_counts.h"

namespace confab::bus {

// How the questions to a ledger went. They count when they end.
struct LedgerCounts {
  uint64_t answered = 0;
  uint64_t unanswered = 0;                // nobody knows whether they were done
  uint64_t full = 0;                      // refused for want of room
  BucketCounts answer_times{kCallTimes};  // of those that were answered
};

// Another ledger, whose questions are counted and timed. Owns it.
class CountedLedger final : public Ledger {
 public:
  // The counts are shared with the questions under way, which may end after this.
  CountedLedger(std::unique_ptr<Ledger> ledger, std::shared_ptr<LedgerCounts> counts)
      : ledger_(std::move(ledger)), counts_(std::move(counts)) {}

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
  std::unique_ptr<Ledger> ledger_;
  std::shared_ptr<LedgerCounts> counts_;
};

}  // namespace confab::bus
