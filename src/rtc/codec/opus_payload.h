#pragma once

#include "base/bytes.h"

namespace confab::rtc {

// A packet of at most 2 octets carries no audio: only the TOC, or the TOC and a frame count
// (RFC 6716 §3.1; RFC 7587 §3.1.3).
inline constexpr size_t kMaxOpusDtxSize = 2;

constexpr bool IsOpusDtx(BytesView payload) {
  return payload.size() <= kMaxOpusDtxSize;
}

}  // namespace confab::rtc
