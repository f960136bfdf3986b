#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtc/rtp/rtp_header.h"

namespace confab::rtc {

// RFC 8285 §4.2.
inline constexpr uint16_t kOneByteExtensionProfile = 0xbede;
inline constexpr uint8_t kMaxOneByteExtensionId = 14;
inline constexpr size_t kMaxOneByteExtensionSize = 16;
// RFC 8285 §4.3: 0x100 and four bits of the application's.
inline constexpr uint16_t kTwoByteExtensionProfile = 0x1000;
inline constexpr uint16_t kTwoByteExtensionProfileMask = 0xfff0;
inline constexpr size_t kMaxTwoByteExtensionSize = 255;

// One element of a header extension; the value points into the packet.
struct ExtensionElement {
  uint8_t id = 0;
  BytesView value;
};

// Walks the elements of an extension block of either form. Padding is skipped; a length that passes
// the end, or in the one-byte form id 15 or an id 0 that has a length, ends the walk (RFC 8285
// §4.2).
class ExtensionReader {
 public:
  explicit ExtensionReader(const RtpHeader& header);
  // The next element, nullopt at the end.
  std::optional<ExtensionElement> Next();

 private:
  enum class Form : uint8_t { kNone, kOneByte, kTwoByte };
  std::optional<ExtensionElement> Take(uint8_t id, size_t size);

  Form form_ = Form::kNone;
  BytesView rest_;
};

template <std::invocable<const ExtensionElement&> Fn>
void ForEachExtension(const RtpHeader& header, Fn&& fn) {
  ExtensionReader reader(header);
  while (const auto element = reader.Next()) fn(*element);
}

// The value of the first element with this id; nullopt when there is none.
std::optional<BytesView> FindExtension(const RtpHeader& header, uint8_t id);

}  // namespace confab::rtc
