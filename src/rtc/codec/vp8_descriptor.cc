#include "rtc/codec/vp8_descriptor.h"

#include "rtc/codec/picture_id.h"

namespace confab::rtc {
namespace {

constexpr uint8_t kExtended = 0x80;         // X
constexpr uint8_t kNonReference = 0x20;     // N
constexpr uint8_t kPartitionStart = 0x10;   // S
constexpr uint8_t kPartitionIdMask = 0x07;  // PID
constexpr uint8_t kHasTl0 = 0x40;           // L
constexpr uint8_t kHasTemporalId = 0x20;    // T
constexpr uint8_t kHasKeyIndex = 0x10;      // K
constexpr uint8_t kLayerSync = 0x20;        // Y
constexpr uint8_t kKeyIndexMask = 0x1f;
// RFC 7741 §4.3, first octet of the frame: "P: Inverse key frame flag."
constexpr uint8_t kInterFrame = 0x01;

void ReadExtension(ByteReader& reader, Vp8Descriptor& descriptor) {
  const uint8_t fields = reader.U8();
  if ((fields & kHasPictureId) != 0) ReadPictureId(reader, descriptor);
  if ((fields & kHasTl0) != 0) descriptor.tl0_picture_index = reader.U8();
  if ((fields & (kHasTemporalId | kHasKeyIndex)) == 0) return;
  const uint8_t octet = reader.U8();
  if ((fields & kHasTemporalId) != 0) {
    descriptor.temporal_id = static_cast<uint8_t>(octet >> 6);
    descriptor.layer_sync = (octet & kLayerSync) != 0;
  }
  if ((fields & kHasKeyIndex) != 0) {
    descriptor.key_index = static_cast<uint8_t>(octet & kKeyIndexMask);
  }
}

uint8_t ExtensionFields(const Vp8Descriptor& descriptor) {
  return static_cast<uint8_t>(
      (descriptor.picture_id ? kHasPictureId : 0) | (descriptor.tl0_picture_index ? kHasTl0 : 0) |
      (descriptor.temporal_id ? kHasTemporalId : 0) | (descriptor.key_index ? kHasKeyIndex : 0));
}

}  // namespace

std::optional<Vp8Descriptor> ParseVp8Descriptor(BytesView payload) {
  ByteReader reader(payload);
  const uint8_t first = reader.U8();
  Vp8Descriptor descriptor;
  descriptor.non_reference = (first & kNonReference) != 0;
  descriptor.partition_start = (first & kPartitionStart) != 0;
  descriptor.partition_id = first & kPartitionIdMask;
  if ((first & kExtended) != 0) ReadExtension(reader, descriptor);
  descriptor.size = reader.offset();
  const uint8_t frame_octet = reader.U8();
  if (!reader.ok()) return std::nullopt;
  descriptor.keyframe = descriptor.starts_frame() && (frame_octet & kInterFrame) == 0;
  return descriptor;
}

size_t RewriteVp8Descriptor(const Vp8Descriptor& descriptor, const Vp8Rewrite& rewrite,
                            MutableBytes out) {
  const uint8_t fields = ExtensionFields(descriptor);
  ByteWriter writer(out);
  writer.U8(static_cast<uint8_t>(
      (fields != 0 ? kExtended : 0) | (descriptor.non_reference ? kNonReference : 0) |
      (descriptor.partition_start ? kPartitionStart : 0) | descriptor.partition_id));
  if (fields == 0) return writer.size();
  writer.U8(fields);
  if (descriptor.picture_id) writer.U16(static_cast<uint16_t>(rewrite.picture_id | 0x8000));
  if (descriptor.tl0_picture_index) writer.U8(rewrite.tl0_picture_index);
  if (descriptor.temporal_id || descriptor.key_index) {
    writer.U8(static_cast<uint8_t>(descriptor.temporal_id.value_or(0) << 6 |
                                   (descriptor.layer_sync ? kLayerSync : 0) |
                                   descriptor.key_index.value_or(0)));
  }
  return writer.size();
}

}  // namespace confab::rtc
