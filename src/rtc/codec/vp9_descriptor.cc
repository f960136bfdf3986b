#include "rtc/codec/vp9_descriptor.h"

#include "rtc/codec/picture_id.h"

namespace confab::rtc {
namespace {

constexpr uint8_t kInterPicture = 0x40;          // P
constexpr uint8_t kHasLayers = 0x20;             // L
constexpr uint8_t kFlexibleMode = 0x10;          // F
constexpr uint8_t kStartsFrame = 0x08;           // B
constexpr uint8_t kEndsFrame = 0x04;             // E
constexpr uint8_t kHasStructure = 0x02;          // V
constexpr uint8_t kNonReferenceAbove = 0x01;     // Z
constexpr uint8_t kSwitchingUpPoint = 0x10;      // U
constexpr uint8_t kInterLayerDependency = 0x01;  // D
constexpr uint8_t kMoreReferences = 0x01;        // N
constexpr size_t kResolutionSize = 4;

void ReadLayers(ByteReader& reader, Vp9Descriptor& descriptor) {
  const uint8_t octet = reader.U8();
  descriptor.has_layers = true;
  descriptor.temporal_id = static_cast<uint8_t>(octet >> 5);
  descriptor.switching_up_point = (octet & kSwitchingUpPoint) != 0;
  descriptor.spatial_id = octet >> 1 & 0x07;
  descriptor.inter_layer_dependency = (octet & kInterLayerDependency) != 0;
  if (!descriptor.flexible_mode) descriptor.tl0_picture_index = reader.U8();
}

// False when the list does not end.
bool SkipReferences(ByteReader& reader) {
  for (size_t i = 0; i < Vp9Descriptor::kMaxReferences; ++i) {
    if ((reader.U8() & kMoreReferences) == 0) return true;
  }
  return false;
}

// Scalability structure (RFC 9628 §4.2.1).
//      +-+-+-+-+-+-+-+-+
// V:   | N_S |Y|G|-|-|-|
//      +-+-+-+-+-+-+-+-+
// Y:   |  WIDTH, HEIGHT | 2 × 16 bits, N_S + 1 times
//      +-+-+-+-+-+-+-+-+
// G:   |      N_G      |
//      +-+-+-+-+-+-+-+-+
// N_G: | TID |U| R |-|-| then R octets of P_DIFF
//      +-+-+-+-+-+-+-+-+
void ReadStructure(ByteReader& reader, Vp9Descriptor& descriptor) {
  const uint8_t first = reader.U8();
  descriptor.spatial_layer_count = static_cast<uint8_t>((first >> 5) + 1);
  if ((first & 0x10) != 0) reader.Skip(kResolutionSize * descriptor.spatial_layer_count);
  if ((first & 0x08) == 0) return;
  const uint8_t pictures = reader.U8();
  for (int i = 0; i < pictures && reader.ok(); ++i) {
    const uint8_t picture = reader.U8();
    reader.Skip(picture >> 2 & 0x03);
  }
}

}  // namespace

std::optional<Vp9Descriptor> ParseVp9Descriptor(BytesView payload) {
  ByteReader reader(payload);
  const uint8_t first = reader.U8();
  Vp9Descriptor descriptor;
  descriptor.inter_picture = (first & kInterPicture) != 0;
  descriptor.flexible_mode = (first & kFlexibleMode) != 0;
  descriptor.starts_frame = (first & kStartsFrame) != 0;
  descriptor.ends_frame = (first & kEndsFrame) != 0;
  descriptor.has_structure = (first & kHasStructure) != 0;
  descriptor.non_reference_above = (first & kNonReferenceAbove) != 0;
  if ((first & kHasPictureId) != 0) ReadPictureId(reader, descriptor);
  if ((first & kHasLayers) != 0) ReadLayers(reader, descriptor);
  descriptor.rewritten_size = reader.offset();
  if (descriptor.flexible_mode && descriptor.inter_picture && !SkipReferences(reader)) {
    return std::nullopt;
  }
  if (descriptor.has_structure) ReadStructure(reader, descriptor);
  if (!reader.ok() || reader.remaining() == 0) return std::nullopt;
  descriptor.size = reader.offset();
  return descriptor;
}

size_t RewriteVp9Descriptor(BytesView payload, const Vp9Descriptor& descriptor,
                            const Vp9Rewrite& rewrite, MutableBytes out) {
  ByteWriter writer(out);
  writer.U8(payload[0]);
  if (descriptor.picture_id) writer.U16(static_cast<uint16_t>(rewrite.picture_id | 0x8000));
  if (descriptor.has_layers) {
    writer.U8(static_cast<uint8_t>(
        descriptor.temporal_id << 5 | (descriptor.switching_up_point ? kSwitchingUpPoint : 0) |
        descriptor.spatial_id << 1 |
        (descriptor.inter_layer_dependency ? kInterLayerDependency : 0)));
  }
  if (descriptor.tl0_picture_index) writer.U8(rewrite.tl0_picture_index);
  return writer.size();
}

}  // namespace confab::rtc
