#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/bus/ledger.h"

namespace confab::bus {

// What happens to one question.
enum class Fault : uint8_t {
  kNone,
  kBefore,  // it never comes there
  kAfter,   // it is done, but its answer is lost
};

// Decides, and may be changed while in use. Shared by a test and its ledgers.
struct FaultPlan {
  std::function<Fault()> next = [] { return Fault::kNone; };
  uint64_t questions = 0;
  std::vector<std::string> marks;  // the rooms whose marks were asked for
  // What happens just before each snapshot.
  std::function<asio::awaitable<void>()> before_snapshot;
};

// A ledger whose connection breaks where the plan says so.
class FaultyLedger final : public Ledger {
 public:
  FaultyLedger(std::unique_ptr<Ledger> inner, std::shared_ptr<FaultPlan> plan)
      : inner_(std::move(inner)), plan_(std::move(plan)) {}

  void Listen(Listener listener) override { inner_->Listen(std::move(listener)); }
  asio::awaitable<Result<Written>> Write(std::string room, Draft draft) override;
  asio::awaitable<Result<LogRead>> Read(std::string room, std::string life,
                                        uint64_t after) override;
  asio::awaitable<Result<RoomState>> Snapshot(std::string room) override;
  asio::awaitable<Result<void>> Touch(std::string room) override;
  asio::awaitable<Result<Beat>> DoBeat(InstanceName self,
                                       std::vector<InstanceName> remote) override;
  asio::awaitable<Result<void>> Leave(InstanceName self) override;
  void Subscribe(const std::string& room) override { inner_->Subscribe(room); }
  void Unsubscribe(const std::string& room) override { inner_->Unsubscribe(room); }
  void SubscribeChannel(const std::string& channel) override { inner_->SubscribeChannel(channel); }
  void UnsubscribeChannel(const std::string& channel) override {
    inner_->UnsubscribeChannel(channel);
  }
  asio::awaitable<Result<size_t>> Publish(std::string channel, std::string bytes) override;
  void SubscribeAll() override { inner_->SubscribeAll(); }
  asio::awaitable<Result<std::string>> Mark(std::string room, std::string name) override;

 private:
  std::unique_ptr<Ledger> inner_;
  std::shared_ptr<FaultPlan> plan_;
};

}  // namespace confab::bus
