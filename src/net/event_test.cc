#include "net/event.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace confab::net {
namespace {

// How long a test that fails waits for what does not come.
constexpr std::chrono::seconds kPatience{20};

class EventTest : public ::testing::Test {
 protected:
  // A coroutine that waits and then says whether the event was set.
  void Start(std::vector<bool>& said, TimeDelta limit) {
    asio::co_spawn(context_, WaitAndSay(said, limit), asio::detached);
  }

  // Until somebody has said something, or nobody does.
  void RunUntilSaid(const std::vector<bool>& said) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (said.empty() && context_.run_one_until(end) > 0) {
    }
  }

  asio::io_context context_;
  Event event_{context_.get_executor()};

 private:
  asio::awaitable<void> WaitAndSay(std::vector<bool>& said, TimeDelta limit) {
    co_await event_.Wait(limit);
    said.push_back(event_.is_set());
  }
};

TEST_F(EventTest, ALimitHoldsAlsoWhileAnotherWaitsLonger) {
  std::vector<bool> patient, hasty;
  Start(patient, TimeDelta::Infinite());
  Start(hasty, TimeDelta::Millis(1));
  RunUntilSaid(hasty);
  EXPECT_EQ(hasty, std::vector<bool>{false});
  EXPECT_TRUE(patient.empty());

  event_.Set();
  RunUntilSaid(patient);
  EXPECT_EQ(patient, std::vector<bool>{true});
}

TEST_F(EventTest, OneThatWaitsLongerKeepsToItsOwnLimit) {
  std::vector<bool> patient, hasty;
  Start(hasty, TimeDelta::Millis(1));
  Start(patient, TimeDelta::Millis(2));
  RunUntilSaid(patient);
  EXPECT_EQ(hasty, std::vector<bool>{false});
  EXPECT_EQ(patient, std::vector<bool>{false});
}

TEST_F(EventTest, WhoeverWaitsOnAfterALimitWaitsWithoutWork) {
  std::vector<bool> hasty, others;
  Start(hasty, TimeDelta::Millis(1));
  Start(others, TimeDelta::Seconds(1000));
  Start(others, TimeDelta::Seconds(2000));
  RunUntilSaid(hasty);
  constexpr int kMany = 100;
  int turns = 0;
  while (turns < kMany && context_.poll_one() > 0) ++turns;
  EXPECT_LT(turns, kMany);
  EXPECT_TRUE(others.empty());

  event_.Set();
  RunUntilSaid(others);
}

TEST_F(EventTest, ASetBeforeTheWaitIsNotLost) {
  std::vector<bool> said;
  event_.Set();
  Start(said, TimeDelta::Infinite());
  RunUntilSaid(said);
  EXPECT_EQ(said, std::vector<bool>{true});
}

}  // namespace
}  // namespace confab::net
