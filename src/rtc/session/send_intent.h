#pragma once

#include <array>
#include <cstdint>

#include "base/strong_number.h"
#include "rtc/packet_pool.h"

namespace confab::rtc {

struct OutgoingStreamTag;
// Names an outgoing stream of one session.
using OutgoingStreamIndex = StrongNumber<OutgoingStreamTag, uint32_t>;

// What a receiver shall see differently from what the sender sent, as a plain value. What is the
// same for a whole stream (ssrc, payload type, extension ids, mid) stands in OutgoingStream; what
// is counted (sequence numbers, SRTP index, send time) is assigned in Session::Release.
struct RewritePlan {
  // A codec's descriptor, and before it the original sequence number of a retransmission.
  static constexpr size_t kMaxPrefix = 10;

  uint32_t rtp_timestamp = 0;
  bool marker = false;
  // The first `payload_skip` octets of the payload are replaced by `prefix_size` others.
  uint8_t payload_skip = 0;
  uint8_t prefix_size = 0;
  std::array<uint8_t, kMaxPrefix> prefix{};
  // A new source begins with this packet: numbers go on by one whatever the source's are.
  bool rebase = false;
};

// "This packet shall go out on that stream", or with a null packet: "this number of the source will
// not go out", which closes the gap. Decided by the router in the order of sending, paced and
// numbered by the session.
struct SendIntent {
  OutgoingStreamIndex stream;
  int64_t source_sequence = 0;  // without wrap
  PacketRef packet;
  RewritePlan plan;
};

}  // namespace confab::rtc
