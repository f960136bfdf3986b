#pragma once

#include <memory>
#include <string>

#include "backends/bus/ledger_bus.h"
#include "backends/bus/testing/faulty_ledger.h"

namespace confab::bus {

// What the conformance suite runs against: one place where rooms are kept, and ways to it.
class LedgersUnderTest {
 public:
  virtual ~LedgersUnderTest() = default;
  virtual std::unique_ptr<Ledger> Make() = 0;
  // Everything is lost.
  virtual void Wipe() = 0;
  // The instance's ttl is over.
  virtual void Expire(const InstanceName& name) = 0;

  std::unique_ptr<LedgerBus> MakeBus(asio::io_context& io, const std::string& id,
                                     const Times& times, std::shared_ptr<FaultPlan> plan = nullptr);
};

using MakeLedgers = std::unique_ptr<LedgersUnderTest> (*)(asio::io_context& io, const Times& times,
                                                          std::string& why_not);

std::unique_ptr<LedgersUnderTest> MakeMemoryLedgers(asio::io_context& io, const Times& times,
                                                    std::string& why_not);
std::unique_ptr<LedgersUnderTest> MakeRedisLedgers(asio::io_context& io, const Times& times,
                                                   std::string& why_not);

// A name of a region "" unless said otherwise.
InstanceName NameOf(const std::string& id, const std::string& region = "");

}  // namespace confab::bus
