#pragma once

#include <cstdint>

namespace confab::rtc {

// The codecs whose payload confab can look at as far as forwarding needs.
enum class CodecType : uint8_t { kOpus, kVp8, kVp9, kH264, kAv1 };

}  // namespace confab::rtc
