#pragma once

#include "base/units.h"
#include "net/clock.h"

namespace confab::client {

// A point on the monotonic clock as reports and capture times carry it.
inline NtpTime NtpAt(Timestamp now) {
  return NtpTime::FromUnixMicros(net::UnixMicrosNow() + (now - net::MonotonicNow()).us());
}

}  // namespace confab::client
