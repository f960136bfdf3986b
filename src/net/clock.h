#pragma once

#include <cstdint>

#include "base/units.h"

namespace confab::net {

// The machine's clocks, for what stands at the edge and hands the time on. Any thread.

// The monotonic clock that every Timestamp of this process comes from; that of
// std::chrono::steady_clock.
Timestamp MonotonicNow();
// Since the Unix epoch.
int64_t UnixMicrosNow();
int64_t UnixMillisNow();

}  // namespace confab::net
