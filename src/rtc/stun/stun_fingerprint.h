#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace confab::rtc {

// CRC-32 as in ITU V.42 (polynomial 0x04c11db7, reflected), as FINGERPRINT uses it.
uint32_t Crc32(BytesView bytes);

// Value of FINGERPRINT (RFC 8489 §14.7) for a message whose bytes up to but not including that
// attribute are `covered`, and whose length field counts it already.
uint32_t StunFingerprint(BytesView covered);

}  // namespace confab::rtc
