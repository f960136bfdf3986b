#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace confab::rtc {

// NAL unit types (H.264 table 7-1, RFC 6184 §5.2) that forwarding looks for.
enum class H264NalType : uint8_t {
  kSlice = 1,
  kIdr = 5,
  kSei = 6,
  kSps = 7,
  kPps = 8,
  kAccessUnitDelimiter = 9,
  kStapA = 24,
  kFuA = 28,
};

// What one packet holds: a single NAL unit, a STAP-A (RFC 6184 §5.7.1) or a FU-A (§5.8).
struct H264Payload {
  bool has_sps = false;
  bool has_pps = false;
  bool has_idr = false;     // an IDR slice or, in a FU-A, its first fragment
  bool starts_nal = false;  // false only in a FU-A after its first fragment
  bool ends_nal = false;    // false only in a FU-A before its last fragment

  // A keyframe comes as SPS, PPS, IDR in this order, the first two perhaps in packets of their own.
  bool keyframe() const { return has_sps || has_idr; }
};

// nullopt: empty, truncated, or a packet type that packetization mode 1 does not have.
std::optional<H264Payload> ParseH264Payload(BytesView payload);

}  // namespace confab::rtc
