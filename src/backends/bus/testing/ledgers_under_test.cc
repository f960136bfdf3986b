#include "backends/bus/testing/ledgers_under_test.h"

#include <utility>

#include "backends/bus/memory/memory_ledger.h"
#include "backends/bus/redis/redis_ledger.h"
#include "backends/bus/testing/small_redis.h"

namespace confab::bus {
namespace {

class MemoryLedgers final : public LedgersUnderTest {
 public:
  MemoryLedgers(asio::io_context& io, const Times& times)
      : io_(io), hub_(std::make_shared<MemoryHub>(times)) {}

  std::unique_ptr<Ledger> Make() override { return std::make_unique<MemoryLedger>(io_, hub_); }
  void Wipe() override { hub_->Wipe(); }
  void Expire(const InstanceName& name) override { hub_->Expire(name); }

 private:
  asio::io_context& io_;
  std::shared_ptr<MemoryHub> hub_;
};

class RedisLedgers final : public LedgersUnderTest {
 public:
  RedisLedgers(asio::io_context& io, const Times& times, std::unique_ptr<SmallRedis> redis)
      : io_(io), times_(times), redis_(std::move(redis)) {}

  std::unique_ptr<Ledger> Make() override {
    return std::make_unique<RedisLedger>(io_, redis_->options(), "", times_);
  }
  // By turns as an operator does it, and as a machine does.
  void Wipe() override {
    if (++wipes_ % 2 == 1) {
      redis_->Command({"FLUSHALL"});
      return;
    }
    redis_->Kill();
    redis_->Begin();
  }
  void Expire(const InstanceName& name) override {
    redis_->Command({"ZREM", "confab:{}:instances", name.text()});
  }

 private:
  asio::io_context& io_;
  Times times_;
  std::unique_ptr<SmallRedis> redis_;
  int wipes_ = 0;
};

}  // namespace

InstanceName NameOf(const std::string& id, const std::string& region) {
  SecureRandom random;
  return InstanceName::Make(id, region, random).value();
}

std::unique_ptr<LedgerBus> LedgersUnderTest::MakeBus(asio::io_context& io, const std::string& id,
                                                     const Times& times,
                                                     std::shared_ptr<FaultPlan> plan) {
  auto ledger = Make();
  if (plan) ledger = std::make_unique<FaultyLedger>(std::move(ledger), std::move(plan));
  return std::make_unique<LedgerBus>(io, std::move(ledger), NameOf(id), times);
}

std::unique_ptr<LedgersUnderTest> MakeMemoryLedgers(asio::io_context& io, const Times& times,
                                                    std::string&) {
  return std::make_unique<MemoryLedgers>(io, times);
}

std::unique_ptr<LedgersUnderTest> MakeRedisLedgers(asio::io_context& io, const Times& times,
                                                   std::string& why_not) {
  auto redis = SmallRedis::Start(why_not);
  if (!redis) return nullptr;
  return std::make_unique<RedisLedgers>(io, times, std::move(redis));
}

}  // namespace confab::bus
