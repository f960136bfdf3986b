#include "sim/media/frame_payload.h"

#include <cstring>

namespace confab::sim {
namespace {

// RFC 7741 §4.2.
constexpr uint8_t kExtended = 0x80;          // X
constexpr uint8_t kStartOfPartition = 0x10;  // S
constexpr uint8_t kHasPictureId = 0x80;      // I
constexpr uint16_t kLongPictureId = 0x8000;  // M
constexpr uint8_t kInterFrame = 0x01;        // P, §4.3
constexpr size_t kVp8Size = 5;

constexpr uint16_t kMark = 0xf7a3;

}  // namespace

void WriteFramePart(rtc::MediaKind kind, const FramePart& part, MutableBytes out) {
  ByteWriter writer(out);
  if (kind == rtc::MediaKind::kVideo) {
    writer.U8(part.part == 0 ? kExtended | kStartOfPartition : kExtended);
    writer.U8(kHasPictureId);
    writer.U16(static_cast<uint16_t>(kLongPictureId | (part.frame & 0x7fff)));
    writer.U8(part.keyframe ? 0 : kInterFrame);
  }
  writer.U16(kMark);
  writer.U32(part.source);
  writer.U32(part.frame);
  writer.U16(part.part);
  writer.U16(part.parts);
  writer.U8(part.keyframe ? 1 : 0);
  writer.U64(static_cast<uint64_t>(part.sent_at.us()));
  writer.Zeros(out.size() - writer.size());
}

std::optional<FramePart> ReadFramePart(rtc::MediaKind kind, BytesView payload) {
  ByteReader reader(payload);
  if (kind == rtc::MediaKind::kVideo) reader.Skip(kVp8Size);
  const uint16_t mark = reader.U16();
  FramePart part;
  part.source = reader.U32();
  part.frame = reader.U32();
  part.part = reader.U16();
  part.parts = reader.U16();
  part.keyframe = reader.U8() == 1;
  part.sent_at = Timestamp::Micros(static_cast<int64_t>(reader.U64()));
  if (!reader.ok() || mark != kMark || part.part >= part.parts) return std::nullopt;
  return part;
}

}  // namespace confab::sim
