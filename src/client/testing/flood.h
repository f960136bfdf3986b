#pragma once

#include <cstdint>

#include "base/error.h"
#include "base/socket_address.h"
#include "base/units.h"
#include "client/testing/hostile_datagrams.h"

namespace confab::client {

// Bounded in rate and in time, to one address.
struct FloodOptions {
  SocketAddress to;
  uint32_t per_second = 1000;
  TimeDelta duration = TimeDelta::Seconds(1);
  uint32_t sockets = 1;  // so many source ports take turns
};

struct FloodResult {
  uint64_t sent = 0;
  uint64_t refused = 0;  // by our own kernel: they never left
  TimeDelta took;
};

// Sends the datagrams in a circle, as evenly as milliseconds allow. Who is behind does not catch up
// with more than 50 ms of datagrams at once. Blocks.
Result<FloodResult> Flood(const FloodOptions& options, const Datagrams& datagrams);

}  // namespace confab::client
