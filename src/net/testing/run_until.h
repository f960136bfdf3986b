#pragma once

#include <chrono>
#include <functional>

#include "net/asio.h"

namespace confab::net {

// Runs the io_context until `condition` holds, which is looked at after each step; false where it
// does not come to hold in a time that is far too long.
inline bool RunUntil(asio::io_context& io, const std::function<bool()>& condition) {
  constexpr std::chrono::seconds kFarTooLong(60);
  constexpr std::chrono::milliseconds kStep(20);
  const auto end = std::chrono::steady_clock::now() + kFarTooLong;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.restart();
    io.run_one_for(kStep);
  }
  return true;
}

}  // namespace confab::net
