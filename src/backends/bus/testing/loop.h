#pragma once

#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "backends/bus/limits.h"
#include "net/asio.h"
#include "net/testing/run_until.h"

namespace confab::bus {

using net::RunUntil;

// Runs the io_context until `work` has ended.
template <typename T>
T Await(asio::io_context& io, asio::awaitable<T> work) {
  const auto result = std::make_shared<std::optional<T>>();
  asio::co_spawn(io, std::move(work), [result](const std::exception_ptr& failure, T value) {
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
          .most_back_off = TimeDelta::Millis(10),
          .deaf = TimeDelta::Millis(20)};
}

}  // namespace confab::bus
