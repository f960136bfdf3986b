#pragma once

#include <cstdint>

#include "base/socket_address.h"
#include "base/strong_number.h"
#include "base/units.h"

namespace confab::rtc {

struct SsrcTag;
struct PayloadTypeTag;
struct LocalSocketTag;

// Synchronization source (RFC 3550 §3).
using Ssrc = StrongNumber<SsrcTag, uint32_t>;
// 7 bits (RFC 3550 §5.1).
using PayloadType = StrongNumber<PayloadTypeTag, uint8_t>;
// Names one of the node's sockets or TCP connections; only the I/O layer knows which.
using LocalSocket = StrongNumber<LocalSocketTag, uint32_t>;

// Where a datagram came from or goes to: a local socket and a peer's address. Two datagrams with
// equal paths took the same ICE candidate pair.
struct Path {
  LocalSocket local;
  SocketAddress remote;
  auto operator<=>(const Path&) const = default;
};

// What a way that is too slow loses: video first, control (STUN, DTLS, RTCP) last.
enum class SendPriority : uint8_t { kControl, kAudio, kVideo };

enum class MediaKind : uint8_t { kAudio, kVideo };

}  // namespace confab::rtc
