#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bytes.h"
#include "rtc/packet_pool.h"
#include "rtc/session/send_intent.h"
#include "rtc/types.h"

namespace confab::rtc {

// Octets of the original sequence number before an RTX payload (RFC 4588 §4).
inline constexpr size_t kRtxPrefixSize = 2;

// Turns an opened RTX packet into the one that it repeats: on stream `media` with payload type
// `type`, its own number and payload. Extensions stay those of the repetition. False, and nothing
// changes, when there is no payload behind the number: a probe of padding alone.
inline bool RestoreFromRtx(Packet& packet, Ssrc media, PayloadType type) {
  if (packet.payload_size <= kRtxPrefixSize) return false;
  packet.ssrc = media;
  packet.payload_type = type;
  packet.sequence = LoadU16(packet.payload().data());
  packet.payload_offset = static_cast<uint16_t>(packet.payload_offset + kRtxPrefixSize);
  packet.payload_size = static_cast<uint16_t>(packet.payload_size - kRtxPrefixSize);
  return true;
}

// The plan of a packet that was sent as `sent` under `original`, for the RTX stream: numbers there
// go on by one whatever is repeated.
inline RewritePlan RtxPlan(const RewritePlan& sent, uint16_t original) {
  RewritePlan plan = sent;
  std::copy_n(sent.prefix.begin(), sent.prefix_size, plan.prefix.begin() + kRtxPrefixSize);
  StoreU16(plan.prefix.data(), original);
  plan.prefix_size = static_cast<uint8_t>(sent.prefix_size + kRtxPrefixSize);
  plan.rebase = true;
  return plan;
}

}  // namespace confab::rtc
