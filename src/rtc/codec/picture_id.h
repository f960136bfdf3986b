#pragma once

#include <cstdint>

#include "base/bytes.h"

// The picture id that VP8 and VP9 descriptors have in common (RFC 7741 §4.2, RFC 9628 §4.2).
namespace confab::rtc {

inline constexpr uint8_t kHasPictureId = 0x80;   // I
inline constexpr uint8_t kLongPictureId = 0x80;  // M

template <typename Descriptor>
void ReadPictureId(ByteReader& reader, Descriptor& descriptor) {
  const uint8_t first = reader.U8();
  descriptor.long_picture_id = (first & kLongPictureId) != 0;
  uint16_t id = first & 0x7f;
  if (descriptor.long_picture_id) id = static_cast<uint16_t>(id << 8 | reader.U8());
  descriptor.picture_id = id;
}

}  // namespace confab::rtc
