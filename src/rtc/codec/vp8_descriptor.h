#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace confab::rtc {

// VP8 payload descriptor (RFC 7741 §4.2).
//       0 1 2 3 4 5 6 7
//      +-+-+-+-+-+-+-+-+
//      |X|R|N|S|R| PID | (REQUIRED)
//      +-+-+-+-+-+-+-+-+
// X:   |I|L|T|K| RSV   | (OPTIONAL)
//      +-+-+-+-+-+-+-+-+
// I:   |M| PictureID   | (OPTIONAL)
//      |   PictureID   | (with M)
//      +-+-+-+-+-+-+-+-+
// L:   |   TL0PICIDX   | (OPTIONAL)
//      +-+-+-+-+-+-+-+-+
// T/K: |TID|Y| KEYIDX  | (OPTIONAL)
//      +-+-+-+-+-+-+-+-+
struct Vp8Descriptor {
  bool non_reference = false;    // N
  bool partition_start = false;  // S
  uint8_t partition_id = 0;      // PID
  std::optional<uint16_t> picture_id;
  bool long_picture_id = false;  // M: 15 bits, else 7
  std::optional<uint8_t> tl0_picture_index;
  std::optional<uint8_t> temporal_id;
  bool layer_sync = false;  // Y; only with temporal_id
  std::optional<uint8_t> key_index;
  size_t size = 0;        // of the descriptor
  bool keyframe = false;  // starts a frame whose P bit is 0 (RFC 7741 §4.3)

  bool starts_frame() const { return partition_start && partition_id == 0; }
};

// Parses descriptor and first payload octet. nullopt: truncated, or nothing after the descriptor.
std::optional<Vp8Descriptor> ParseVp8Descriptor(BytesView payload);

// The largest descriptor with all fields.
inline constexpr size_t kMaxVp8DescriptorSize = 6;

// Numbers that a receiver shall see instead of the sender's. Fields the descriptor does not have
// are left out.
struct Vp8Rewrite {
  uint16_t picture_id = 0;  // taken modulo 2^15
  uint8_t tl0_picture_index = 0;
};

// Writes the descriptor with other numbers to `out` (kMaxVp8DescriptorSize octets or more) and
// returns its size. The payload after descriptor.size follows it unchanged. A picture id is always
// written with 15 bits, so the size may grow by one.
size_t RewriteVp8Descriptor(const Vp8Descriptor& descriptor, const Vp8Rewrite& rewrite,
                            MutableBytes out);

}  // namespace confab::rtc
