#pragma once

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include "backends/bus/limits.h"
#include "net/asio.h"

namespace confab::bus {

// Runs the io_context until `condition` holds, which is looked at after each step; false where it
// does not come to hold in a time that is far too long.
inline bool RunUntil(asio::io_context& io, const std::function<bool()>& condition) {
  constexpr std::chrono::seconds kFarTooLong(20);
  constexpr std::chrono::milliseconds kStep(20);
  const auto end = std::chrono::steady_clock::now() + kFarTooLong;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.restart();
    io.run_one_for(kStep);
  }
  return true;
}

// Runs the io_context until `work` has ended.
template <typename T>
T Await(asio::io_context& io, asio::awaitable<T> work) {
  const auto result = std::make_shared<std::optional<T>>();
  asio::co_spawn(io, std::move(work), [result](std::exception_ptr failure, T value) {
    if (failure) std::rethrow_exception(failure);
    result->emplace(std::move(value));
  });
  if (!RunUntil(io, [&] { return result->has_value(); })) {
    throw std::runtime_error("the work did not end");
  }
  return std::move(**result);
}

// Runs the io_context until nothing is left to do at once.
inline void Settle(asio::io_context& io) {
  constexpr int kTurns = 200;
  io.restart();
  for (int turn = 0; turn < kTurns && io.poll_one() > 0; ++turn) io.restart();
}

// As in service, but nothing waits long; nobody is gone in the time that a test takes.
inline Times QuickTimes() {
  return {.beat = TimeDelta::Millis(20),
          .ttl = TimeDelta::Seconds(600),
          .remote_ttl = TimeDelta::Seconds(600),
          .request = TimeDelta::Seconds(10),
          .change = TimeDelta::Seconds(30),
          .first_back_off = TimeDelta::Millis(1),
          .most_back_off = TimeDelta::Millis(10)};
}

}  // namespace confab::bus
