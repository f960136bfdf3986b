#include <gtest/gtest.h>

#include "services/gateway/gateway_options.h"
#include "socketio/options.h"

namespace confab::app {
namespace {

// What the gateway lets through, and for how long signaling keeps it, are chosen apart.
TEST(OneAddress, TakesATenthOfThePlacesOfSignalingAtMost) {
  const gateway::RateLimits::Options rate = gateway::GatewayOptions().handshakes_per_address;
  const socketio::ServerOptions signaling;
  const int64_t taken = rate.burst + rate.per_second * signaling.connect_timeout.ms() / 1000;
  EXPECT_LE(taken, static_cast<int64_t>(signaling.engine.max_sessions / 10));
}

}  // namespace
}  // namespace confab::app
