#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::rtc {

// Why a datagram or packet was dropped. Every drop is counted under exactly one reason; none is
// logged one by one. The text form is a metric label.
enum class DropReason : uint8_t {
  kTooLarge,            // longer than kMaxPacketSize
  kUnknownPath,         // from an address that no session has validated, or not a plain peer's
  kForbiddenNetwork,    // to a plain transport from outside media.plain_rtp_networks
  kUnprovenPath,        // more than a path without a check may be sent, see PathMove
  kConnectionGone,      // to a TCP connection or plain transport that has ended
  kConnectionSlow,      // to a TCP connection whose peer does not keep up
  kUnknownUfrag,        // a STUN request for a session that does not exist (any more)
  kUnknownKind,         // neither STUN, DTLS, RTP nor RTCP; plain: not RTP or RTCP
  kNoBuffer,            // the packet pool is at its limit
  kStun,                // refused by ICE, which counts by its own reasons
  kDtlsUnvalidated,     // DTLS from a path without an authenticated check
  kNoKeys,              // SRTP before the DTLS handshake was done
  kMalformed,           // not parsable RTP or RTCP
  kReplayed,            // index seen before, or too old to tell
  kTooManySsrcs,        // a new ssrc, and as many as are remembered have been heard
  kAuthentication,      // the tag is wrong
  kUnknownSsrc,         // no producer came in time, or too many packets wait for one
  kUnknownPayloadType,  // of a known producer, but a codec it did not announce
  kRtx,                 // probes of padding on an RTX ssrc, or an RTX codec nobody announced
  kDuplicate,           // a retransmission of what is there, or a packet that was given up
  kPaddingOnly,         // probes without payload
  kProducerPaused,
  kLayerNotForwarded,  // of a simulcast stream that no consumer gets
  kConsumerPaused,
  kAwaitingKeyframe,  // a consumer cannot decode it yet
  kStreamClosed,      // its consumer was closed before it left
  kNumberGone,        // a late packet whose outgoing number has been used
  kAlreadySealed,     // would have sealed an index twice: a bug that was stopped
  kResendGone,        // asked for again, but never sent or no longer kept
  kResendTooSoon,     // asked for again within a round trip
  kResendBudget,      // asked for again beyond what retransmissions may take
  kNoPath,            // nothing selected to send to
  kQueueFull,         // as many packets as may wait for Session::Release wait already
  kSendRefused,       // by the kernel: its queue is full, or the peer cannot be reached
  kCount,
};
inline constexpr size_t kDropReasons = static_cast<size_t>(DropReason::kCount);

std::string_view ToString(DropReason reason);

class DropCounters {
 public:
  void Count(DropReason reason, uint64_t packets = 1) {
    counts_[static_cast<size_t>(reason)] += packets;
  }
  uint64_t total() const {
    uint64_t sum = 0;
    for (const uint64_t count : counts_) sum += count;
    return sum;
  }
  uint64_t operator[](DropReason reason) const { return counts_[static_cast<size_t>(reason)]; }
  DropCounters& operator+=(const DropCounters& other) {
    for (size_t i = 0; i < kDropReasons; ++i) counts_[i] += other.counts_[i];
    return *this;
  }

 private:
  std::array<uint64_t, kDropReasons> counts_{};
};

}  // namespace confab::rtc
