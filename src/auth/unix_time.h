#pragma once

#include <chrono>
#include <cstdint>

#include "base/units.h"

namespace confab::auth {

// The machine's clock as tokens count time: whole seconds since the Unix epoch (RFC 7519 §2,
// NumericDate). For the edges of the program, which hand it on as `now_s`. Any thread.
inline int64_t UnixSeconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A span in whole seconds, as it is added to such a time.
constexpr int64_t SecondsOf(TimeDelta delta) {
  return delta.us() / 1'000'000;
}

}  // namespace confab::auth
