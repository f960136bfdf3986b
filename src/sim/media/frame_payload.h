#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/types.h"

namespace confab::sim {

// One packet's part of a synthetic frame. Each part says all of it, so that whoever receives any
// knows what else there is. Audio frames have one part.
struct FramePart {
  uint32_t source = 0;  // who sends: the participant's number
  uint32_t frame = 0;   // counts from 0
  uint16_t part = 0;    // 0…parts-1
  uint16_t parts = 1;
  bool keyframe = false;
  Timestamp sent_at;  // on the clock of the run
  bool operator==(const FramePart&) const = default;
};

// Octets of the smallest payload that holds a part.
inline constexpr size_t kMinFramePayload = 32;

// Fills the whole of `out` (kMinFramePayload octets at least) with an RTP payload. Video:
//
//  | VP8 descriptor with a 15-bit picture id (RFC 7741 §4.2): 4 | VP8 header, P bit (§4.3): 1 |
// Both kinds:
//  | mark: 2 | source: 4 | frame: 4 | part: 2 | parts: 2 | keyframe: 1 | sent_at, µs: 8 | zeros |
void WriteFramePart(rtc::MediaKind kind, const FramePart& part, MutableBytes out);
// nullopt: it is none of ours.
std::optional<FramePart> ReadFramePart(rtc::MediaKind kind, BytesView payload);

}  // namespace confab::sim
