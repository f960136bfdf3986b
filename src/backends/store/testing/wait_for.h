#pragma once

#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "net/asio.h"
#include "net/testing/run_until.h"

namespace confab::store {

// Runs the io_context until the condition holds; fails the test program's case by an exception
// where it does not come to hold in a time that is far too long.
inline void RunUntil(asio::io_context& io, const std::function<bool()>& condition) {
  if (!net::RunUntil(io, condition)) throw std::runtime_error("it does not end");
}

// A coroutine that runs beside the test.
template <typename T>
class Running {
 public:
  Running(asio::io_context& io, asio::awaitable<T> work) : io_(io) {
    asio::co_spawn(io, std::move(work),
                   [result = result_](std::exception_ptr, T value) { *result = std::move(value); });
  }
  bool is_done() const { return result_->has_value(); }
  T Wait() {
    RunUntil(io_, [this] { return is_done(); });
    return std::move(**result_);
  }

 private:
  asio::io_context& io_;
  std::shared_ptr<std::optional<T>> result_ = std::make_shared<std::optional<T>>();
};

// What a coroutine returns.
template <typename T>
T WaitFor(asio::io_context& io, asio::awaitable<T> work) {
  return Running<T>(io, std::move(work)).Wait();
}

}  // namespace confab::store
