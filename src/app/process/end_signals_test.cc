#include "app/process/end_signals.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <csignal>
#include <cstdlib>

namespace confab::app {
namespace {

// As a thread that is blocked and so runs no handler of an io_context; far longer than it may take.
[[noreturn]] void Block() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < end) ::poll(nullptr, 0, 1000);
  std::_Exit(5);
}

TEST(EndSignalsDeathTest, EndTheProcessAfterTheLimitThoughItsThreadIsBlocked) {
  EXPECT_EXIT(
      {
        asio::io_context io;
        const EndSignals end(io, TimeDelta::Millis(1));
        std::raise(SIGTERM);
        Block();
      },
      testing::ExitedWithCode(1), "");
}

TEST(EndSignalsDeathTest, EndTheProcessAfterTheLimitThoughTheyAreGone) {
  EXPECT_EXIT(
      {
        {
          asio::io_context io;
          const EndSignals end(io, TimeDelta::Millis(1));
          EndSignals::Begin();
        }
        Block();
      },
      testing::ExitedWithCode(1), "");
}

TEST(EndSignalsDeathTest, EndTheProcessAtOnceWithTheSecondSignal) {
  EXPECT_EXIT(
      {
        asio::io_context io;
        const EndSignals end(io, TimeDelta::Seconds(600));
        std::raise(SIGTERM);
        std::raise(SIGINT);
        Block();
      },
      testing::ExitedWithCode(128 + SIGINT), "");
}

TEST(EndSignalsDeathTest, TellTheLoopOfTheFirstSignal) {
  EXPECT_EXIT(
      {
        asio::io_context io;
        EndSignals end(io, TimeDelta::Seconds(600));
        bool is_told = false;
        end.Wait([&] { is_told = true; });
        std::raise(SIGINT);
        io.run();
        std::_Exit(is_told ? 3 : 4);
      },
      testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace confab::app
