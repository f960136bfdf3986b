#include "rtc/rtp/rtp_writer.h"

#include <algorithm>

namespace confab::rtc {
namespace {

struct ExtensionLayout {
  uint16_t profile = 0;
  size_t size = 0;  // of the elements with padding; 0: no extension at all
  size_t element_header = 1;
};

ExtensionLayout LayOut(std::span<const ExtensionElement> elements) {
  size_t count = 0;
  size_t value_octets = 0;
  bool one_byte = true;
  for (const ExtensionElement& element : elements) {
    if (element.id == 0) continue;
    ++count;
    value_octets += element.value.size();
    one_byte = one_byte && element.id <= kMaxOneByteExtensionId && !element.value.empty() &&
               element.value.size() <= kMaxOneByteExtensionSize;
  }
  ExtensionLayout layout;
  if (count == 0) return layout;
  layout.profile = one_byte ? kOneByteExtensionProfile : kTwoByteExtensionProfile;
  layout.element_header = one_byte ? 1 : 2;
  layout.size = (value_octets + count * layout.element_header + 3) & ~size_t{3};
  return layout;
}

size_t TotalSize(const RtpHeaderFields& fields, const ExtensionLayout& layout) {
  const size_t extension = layout.size == 0 ? 0 : kRtpExtensionHeaderSize + layout.size;
  return kRtpFixedHeaderSize + 4 * fields.csrcs.size() + extension;
}

// `p` has room for layout.size and 4 octets.
void WriteExtensions(std::span<const ExtensionElement> elements, const ExtensionLayout& layout,
                     uint8_t* p) {
  StoreU16(p, layout.profile);
  StoreU16(p + 2, static_cast<uint16_t>(layout.size / 4));
  p += kRtpExtensionHeaderSize;
  uint8_t* const end = p + layout.size;
  for (const ExtensionElement& element : elements) {
    if (element.id == 0) continue;
    if (layout.element_header == 1) {
      *p++ = static_cast<uint8_t>(size_t{element.id} << 4 | (element.value.size() - 1));
    } else {
      *p++ = element.id;
      *p++ = static_cast<uint8_t>(element.value.size());
    }
    p = std::copy(element.value.begin(), element.value.end(), p);
  }
  std::fill(p, end, uint8_t{0});
}

bool IsWritable(const RtpHeaderFields& fields) {
  return fields.csrcs.size() <= kMaxRtpCsrcs &&
         std::ranges::all_of(fields.extensions, [](const ExtensionElement& element) {
           return element.value.size() <= kMaxTwoByteExtensionSize;
         });
}

}  // namespace

size_t RtpHeaderSize(const RtpHeaderFields& fields) {
  return TotalSize(fields, LayOut(fields.extensions));
}

size_t WriteRtpHeader(const RtpHeaderFields& fields, MutableBytes out) {
  const ExtensionLayout layout = LayOut(fields.extensions);
  const size_t size = TotalSize(fields, layout);
  if (out.size() < size || !IsWritable(fields)) return 0;
  uint8_t* p = out.data();
  p[0] = static_cast<uint8_t>(kRtpVersion << 6 | (layout.size > 0 ? 0x10 : 0) |
                              static_cast<int>(fields.csrcs.size()));
  p[1] = static_cast<uint8_t>((fields.marker ? 0x80 : 0) | (fields.payload_type.value() & 0x7f));
  StoreU16(p + 2, fields.sequence_number);
  StoreU32(p + 4, fields.timestamp);
  StoreU32(p + 8, fields.ssrc.value());
  p += kRtpFixedHeaderSize;
  for (const Ssrc csrc : fields.csrcs) {
    StoreU32(p, csrc.value());
    p += 4;
  }
  if (layout.size > 0) WriteExtensions(fields.extensions, layout, p);
  return size;
}

}  // namespace confab::rtc
