#include "rtc/rtp/rtp_extensions.h"

namespace confab::rtc {
namespace {

constexpr uint8_t kPaddingId = 0;
// RFC 8285 §4.2: "The local identifier value 15 is reserved for a future extension".
constexpr uint8_t kReservedOneByteId = 15;

}  // namespace

ExtensionReader::ExtensionReader(const RtpHeader& header) : rest_(header.extension) {
  if (header.extension_profile == kOneByteExtensionProfile) {
    form_ = Form::kOneByte;
  } else if ((header.extension_profile & kTwoByteExtensionProfileMask) ==
             kTwoByteExtensionProfile) {
    form_ = Form::kTwoByte;
  }
}

std::optional<ExtensionElement> ExtensionReader::Take(uint8_t id, size_t size) {
  if (size > rest_.size()) {
    rest_ = {};
    return std::nullopt;
  }
  const ExtensionElement element{.id = id, .value = rest_.first(size)};
  rest_ = rest_.subspan(size);
  return element;
}

//  one-byte form                two-byte form
//  0 1 2 3 4 5 6 7              0                   1
// +-+-+-+-+-+-+-+-+            +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  ID   |len - 1|            |      ID       |     length    |
// +-+-+-+-+-+-+-+-+            +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
std::optional<ExtensionElement> ExtensionReader::Next() {
  if (form_ == Form::kNone) return std::nullopt;
  while (!rest_.empty() && rest_.front() == kPaddingId) rest_ = rest_.subspan(1);
  if (rest_.empty()) return std::nullopt;
  if (form_ == Form::kOneByte) {
    const uint8_t id = rest_.front() >> 4;
    const size_t size = (rest_.front() & 0x0f) + size_t{1};
    // Id 0 is left here only with a length, which ends the walk as well (RFC 8285 §4.2).
    if (id == kReservedOneByteId || id == kPaddingId) {
      rest_ = {};
      return std::nullopt;
    }
    rest_ = rest_.subspan(1);
    return Take(id, size);
  }
  if (rest_.size() < 2) {
    rest_ = {};
    return std::nullopt;
  }
  const uint8_t id = rest_[0];
  const size_t size = rest_[1];
  rest_ = rest_.subspan(2);
  return Take(id, size);
}

std::optional<BytesView> FindExtension(const RtpHeader& header, uint8_t id) {
  ExtensionReader reader(header);
  while (const auto element = reader.Next()) {
    if (element->id == id) return element->value;
  }
  return std::nullopt;
}

}  // namespace confab::rtc
