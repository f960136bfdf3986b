#include "backends/store/write_behind.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "backends/store/testing/wait_for.h"

namespace confab::store {
namespace {

class WriteBehindTest : public testing::Test {
 protected:
  // A write that answers these faults first, and is noted by its name each time.
  WriteBehind::Write Named(std::string name, std::vector<StoreFault> faults = {}) {
    auto left = std::make_shared<std::vector<StoreFault>>(std::move(faults));
    return [this, name = std::move(name), left]() -> asio::awaitable<StoreResult<void>> {
      attempts_.push_back(name);
      if (left->empty()) co_return StoreResult<void>();
      const StoreFault fault = left->front();
      left->erase(left->begin());
      co_return FailStore(fault, "It fails");
    };
  }
  void RunUntilEmpty() {
    RunUntil(io_, [this] { return behind_.status().waiting == 0; });
  }

  asio::io_context io_{1};
  std::vector<std::string> attempts_;
  std::vector<std::string> losses_;
  WriteBehind behind_{io_,
                      {.max_waiting = 3,
                       .first_pause = TimeDelta::Micros(10),
                       .most_pause = TimeDelta::Micros(100)},
                      [this](const StoreError& error) { losses_.push_back(error.message); }};
};

using Names = std::vector<std::string>;

TEST_F(WriteBehindTest, WritesInTheOrderInWhichItWasAsked) {
  behind_.Add(Named("a"));
  behind_.Add(Named("b"));
  behind_.Add(Named("c"));
  RunUntilEmpty();
  EXPECT_EQ(attempts_, (Names{"a", "b", "c"}));
  EXPECT_EQ(behind_.status().written, 3u);
}

TEST_F(WriteBehindTest, RepeatsWhatMayHaveFailedBeforeItGoesOn) {
  behind_.Add(Named("a", {StoreFault::kUnavailable, StoreFault::kPerhapsDone, StoreFault::kBusy,
                          StoreFault::kFull}));
  behind_.Add(Named("b"));
  RunUntilEmpty();
  EXPECT_EQ(attempts_, (Names{"a", "a", "a", "a", "a", "b"}));
  EXPECT_EQ(behind_.status().written, 2u);
  EXPECT_TRUE(losses_.empty());
}

TEST_F(WriteBehindTest, GivesUpWhatIsRefusedAndTells) {
  behind_.Add(Named("a", {StoreFault::kRefused}));
  behind_.Add(Named("b", {StoreFault::kBroken}));
  behind_.Add(Named("c"));
  RunUntilEmpty();
  EXPECT_EQ(attempts_, (Names{"a", "b", "c"}));
  EXPECT_EQ(behind_.status().refused, 2u);
  EXPECT_EQ(losses_.size(), 2u);
}

TEST_F(WriteBehindTest, DropsTheNewestAtItsLimitAndCountsIt) {
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_EQ(behind_.Add(Named(name)), WriteBehind::Added::kTaken);
  }
  EXPECT_EQ(behind_.Add(Named("d")), WriteBehind::Added::kDropped);
  RunUntilEmpty();
  EXPECT_EQ(attempts_, (Names{"a", "b", "c"}));
  EXPECT_EQ(behind_.status().dropped, 1u);
}

TEST_F(WriteBehindTest, FlushReturnsWhenAllIsWritten) {
  behind_.Add(Named("a", {StoreFault::kUnavailable}));
  behind_.Add(Named("b"));
  bool is_done = false;
  asio::co_spawn(io_, behind_.Flush(TimeDelta::Infinite()),
                 [&](std::exception_ptr) { is_done = true; });
  RunUntil(io_, [&] { return is_done; });
  EXPECT_EQ(behind_.status().written, 2u);
}

TEST(WriteBehind, ForgetsWhatWaitsWhenItEnds) {
  asio::io_context io{1};
  int attempts = 0;
  {
    WriteBehind behind(io, {});
    behind.Add([&attempts]() -> asio::awaitable<StoreResult<void>> {
      ++attempts;
      co_return StoreResult<void>();
    });
  }
  io.run();
  EXPECT_EQ(attempts, 0);
}

}  // namespace
}  // namespace confab::store
