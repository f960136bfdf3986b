#include "backends/bus/counted_ledger.h"

#include <gtest/gtest.h>

#include "backends/bus/testing/ledgers_under_test.h"
#include "backends/bus/testing/loop.h"

namespace confab::bus {
namespace {

TEST(CountedLedger, TellsHowQuestionsEnd) {
  asio::io_context io;
  std::string why_not;
  const auto ledgers = MakeMemoryLedgers(io, QuickTimes(), why_not);
  const auto plan = std::make_shared<FaultPlan>();
  const auto bus = ledgers->MakeBus(io, "one", QuickTimes(), plan);
  ASSERT_TRUE(RunUntil(io, [&] { return bus->status().is_up; }));
  EXPECT_GT(bus->status().answered, 0u);
  EXPECT_EQ(bus->status().unanswered, 0u);
  EXPECT_EQ(bus->status().losses, 0u);

  plan->next = [] { return Fault::kBefore; };
  ASSERT_TRUE(RunUntil(io, [&] { return bus->status().unanswered >= 3; }));
  EXPECT_FALSE(bus->status().is_up);
  EXPECT_EQ(bus->status().losses, 1u) << "one loss, however often it is asked meanwhile";

  plan->next = [] { return Fault::kNone; };
  ASSERT_TRUE(RunUntil(io, [&] { return bus->status().is_up; }));
  EXPECT_EQ(bus->status().losses, 1u);
}

}  // namespace
}  // namespace confab::bus
