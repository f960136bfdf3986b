#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace confab::client {

// Cuts a VP8 frame into RTP payloads (RFC 7741 §4.2, §4.4): a descriptor with a 15-bit picture id
// before each piece. The pieces differ by at most one octet, so that a frame is a run of equal
// packets.
class Vp8Packetizer {
 public:
  static constexpr size_t kDescriptorSize = 4;
  // Leaves room for RTP header, extensions and SRTP within a path MTU of 1280 (RFC 8200 §5).
  static constexpr size_t kMaxPayload = 1150;

  // `frame` is not empty and outlives the packetizer. `picture_id`: the low 15 bits count.
  Vp8Packetizer(BytesView frame, uint16_t picture_id);

  bool done() const { return next_ == pieces_; }
  // Writes the next payload to `out` (kMaxPayload octets at least); its size. Not when done().
  size_t Write(MutableBytes out);

 private:
  BytesView rest_;
  uint16_t picture_id_;
  size_t pieces_;
  size_t next_ = 0;
};

}  // namespace confab::client
