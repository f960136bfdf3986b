#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace confab::rtc {

// VP9 payload descriptor (RFC 9628 §4.2).
//       0 1 2 3 4 5 6 7
//      +-+-+-+-+-+-+-+-+
//      |I|P|L|F|B|E|V|Z| (REQUIRED)
//      +-+-+-+-+-+-+-+-+
// I:   |M| PICTURE ID  | (REQUIRED with F)
//      | EXTENDED PID  | (with M)
//      +-+-+-+-+-+-+-+-+
// L:   | TID |U| SID |D| (CONDITIONALLY RECOMMENDED)
//      |   TL0PICIDX   | (with L, without F)
//      +-+-+-+-+-+-+-+-+
// P,F: | P_DIFF      |N| (with P and F; up to 3 times)
//      +-+-+-+-+-+-+-+-+
// V:   | SS            |
//      +-+-+-+-+-+-+-+-+
struct Vp9Descriptor {
  static constexpr size_t kMaxReferences = 3;

  bool inter_picture = false;        // P: predicted from another picture
  bool flexible_mode = false;        // F
  bool starts_frame = false;         // B, of a layer frame
  bool ends_frame = false;           // E, of a layer frame
  bool has_structure = false;        // V
  bool non_reference_above = false;  // Z: not a reference for upper spatial layers
  std::optional<uint16_t> picture_id;
  bool long_picture_id = false;  // M: 15 bits, else 7
  bool has_layers = false;       // L
  uint8_t temporal_id = 0;
  bool switching_up_point = false;  // U
  uint8_t spatial_id = 0;
  bool inter_layer_dependency = false;  // D
  std::optional<uint8_t> tl0_picture_index;
  uint8_t spatial_layer_count = 0;  // of the structure; 0 when there is none here
  size_t size = 0;                  // of the descriptor
  // Offset behind the fields that RewriteVp9Descriptor writes anew.
  size_t rewritten_size = 0;

  // Of the lowest layer: a decoder can start at the picture's first packet (RFC 9628 §4.2: P is 0).
  bool keyframe() const { return !inter_picture && spatial_id == 0 && starts_frame; }
};

// nullopt: truncated, a reference list without end, or nothing after the descriptor.
std::optional<Vp9Descriptor> ParseVp9Descriptor(BytesView payload);

// Required octet, picture id, layer indices.
inline constexpr size_t kMaxVp9RewrittenSize = 5;

// Numbers that a receiver shall see instead of the sender's.
struct Vp9Rewrite {
  uint16_t picture_id = 0;  // taken modulo 2^15
  uint8_t tl0_picture_index = 0;
};

// Writes the front of the descriptor (up to TL0PICIDX) with other numbers to `out`
// (kMaxVp9RewrittenSize octets or more) and returns its size. payload.subspan(
// descriptor.rewritten_size) follows it unchanged. A picture id is always written with 15 bits.
size_t RewriteVp9Descriptor(BytesView payload, const Vp9Descriptor& descriptor,
                            const Vp9Rewrite& rewrite, MutableBytes out);

}  // namespace confab::rtc
