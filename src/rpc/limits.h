#pragma once

namespace confab::rpc {

// What all servers and channels of the services agree on.

// A message, either way. Beyond: the call fails with RESOURCE_EXHAUSTED.
inline constexpr int kMaxMessageBytes = 4 * 1024 * 1024;
// A peer whose machine vanished is noticed within the sum of these.
inline constexpr int kKeepaliveTimeMs = 20'000;
inline constexpr int kKeepaliveTimeoutMs = 5'000;
// Who pings a server more often than this is disconnected.
inline constexpr int kMinPingIntervalMs = 10'000;
// Between attempts to connect: a media service that was restarted is needed at once.
inline constexpr int kMinReconnectMs = 100;
inline constexpr int kMaxReconnectMs = 250;
inline constexpr int kConnectTimeoutMs = 2'000;

}  // namespace confab::rpc
