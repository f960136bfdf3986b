#pragma once

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backends/bus/testing/ledgers_under_test.h"
#include "backends/bus/testing/loop.h"

namespace confab::bus {

inline const std::string kNoEvent;

// One of the kinds of bus.
struct BusCase {
  const char* name;
  MakeLedgers make;
};

// Two instances on one bus of a kind.
class BusConformance : public testing::TestWithParam<BusCase> {
 protected:
  void SetUp() override { Begin(QuickTimes()); }
  void TearDown() override {
    one_.reset();
    other_.reset();
    ledgers_.reset();
    Settle(io_);
  }
  void Begin(const Times& times) {
    times_ = times;
    one_.reset();
    other_.reset();
    std::string why_not;
    ledgers_ = GetParam().make(io_, times, why_not);
    if (!ledgers_) GTEST_SKIP() << why_not;
    one_ = ledgers_->MakeBus(io_, "one", times);
    other_ = ledgers_->MakeBus(io_, "other", times);
  }

  bool Until(const std::function<bool()>& condition) { return RunUntil(io_, condition); }
  Result<uint64_t> Change(Bus& bus, RoomChange change) {
    return Await(io_, bus.Change("room", std::move(change), Patience::kUntilDeadline));
  }
  Result<uint64_t> SetField(Bus& bus, std::string key, std::string value,
                            std::string event = kNoEvent) {
    RoomChange change{.event = std::move(event)};
    change.set.push_back({.key = std::move(key), .value = std::move(value)});
    return Change(bus, std::move(change));
  }
  Result<uint64_t> RemoveField(Bus& bus, std::string key) {
    RoomChange change;
    change.remove.push_back(std::move(key));
    return Change(bus, std::move(change));
  }
  // Without waiting for the answer.
  void Tell(Bus& bus, std::string event) {
    asio::co_spawn(io_, bus.Change("room", {.event = std::move(event)}, Patience::kKeep),
                   asio::detached);
  }
  RoomState Snapshot(Bus& bus) {
    auto state = Await(io_, bus.Snapshot("room"));
    EXPECT_TRUE(state.has_value());
    return state.value_or(RoomState());
  }

  // One that knows the generation, as each does after its first beat.
  std::unique_ptr<Ledger> ListeningLedger() {
    auto ledger = ledgers_->Make();
    ledger->Listen({.on_news = [](const auto&) {},
                    .on_message = [](const auto&, const auto&) {},
                    .on_instances = [] {}});
    std::vector<InstanceName> none;
    EXPECT_TRUE(Await(io_, ledger->DoBeat(InstanceName(), none)));
    return ledger;
  }

  asio::io_context io_;
  Times times_;
  std::unique_ptr<LedgersUnderTest> ledgers_;
  std::unique_ptr<LedgerBus> one_;
  std::unique_ptr<LedgerBus> other_;
};

}  // namespace confab::bus
