#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace confab::net {

// Packets in a byte stream (RFC 4571 §2):
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------------------------------------------------------------+
//   |             LENGTH            |  packet …                     |
//   +---------------------------------------------------------------+
//
// "The value coded in the LENGTH field MUST equal the number of octets in the […] packet. Zero is a
// valid value for LENGTH, and it codes the null packet." RFC 6544 §3 frames STUN and media alike.
inline constexpr size_t kFramePrefixSize = 2;
inline constexpr size_t kMaxFramedPacket = 65'535;

// Writes the prefix of a packet of `size` octets, at most kMaxFramedPacket, at `out`.
inline void WriteFramePrefix(uint8_t* out, size_t size) {
  StoreU16(out, static_cast<uint16_t>(size));
}

// Takes the packets out of one stream, however it was cut on its way. Keeps at most one packet that
// has begun: kFramePrefixSize + `max_packet` octets. A longer packet is passed over and counted, a
// null packet is passed over: it only keeps a connection alive.
class FrameReader {
 public:
  explicit FrameReader(size_t max_packet) : max_packet_(max_packet) {}

  // The next whole packet; `stream`, what was received last, is moved past it. nullopt: all of
  // `stream` has been taken. The view is into `stream` or into this, until the next call.
  std::optional<BytesView> Next(BytesView& stream);
  // Packets longer than `max_packet`, ever.
  uint64_t oversized() const { return oversized_; }

 private:
  // Completes the packet in begun_ as far as `stream` goes; true: it is whole.
  bool Continue(BytesView& stream);
  void PassOver(BytesView& stream);

  size_t max_packet_;
  uint64_t oversized_ = 0;
  size_t pass_over_ = 0;        // octets of an oversized packet that are still to come
  std::vector<uint8_t> begun_;  // a packet that is not whole yet, prefix included
  bool taken_ = false;          // begun_ was returned and goes with the next call
};

// What the first octets of a connection say.
enum class FramedOpening : uint8_t { kUndecided, kStun, kOther };

// Octets that decide; with fewer, what cannot become framed STUN is kOther as soon as it is known.
inline constexpr size_t kOpeningSize = 10;

// Whether `first`, the beginning of a stream, is a framed STUN message, as that of every ICE-TCP
// connection is: a length that STUN can have, then its type and magic cookie (RFC 8489 §5). TLS
// (22, 3 …) and HTTP (letters) differ in the first octet: read as a length they are too long.
FramedOpening ReadFramedOpening(BytesView first);

}  // namespace confab::net
