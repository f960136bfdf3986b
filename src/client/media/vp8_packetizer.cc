#include "client/media/vp8_packetizer.h"

#include <algorithm>

namespace confab::client {
namespace {

constexpr uint8_t kExtended = 0x80;          // X
constexpr uint8_t kStartOfPartition = 0x10;  // S
constexpr uint8_t kHasPictureId = 0x80;      // I
constexpr uint16_t kLongPictureId = 0x8000;  // M

}  // namespace

Vp8Packetizer::Vp8Packetizer(BytesView frame, uint16_t picture_id)
    : rest_(frame), picture_id_(picture_id) {
  constexpr size_t kPiece = kMaxPayload - kDescriptorSize;
  pieces_ = (frame.size() + kPiece - 1) / kPiece;
}

size_t Vp8Packetizer::Write(MutableBytes out) {
  ByteWriter writer(out);
  writer.U8(next_ == 0 ? kExtended | kStartOfPartition : kExtended);
  writer.U8(kHasPictureId);
  writer.U16(kLongPictureId | picture_id_);
  // The smaller pieces come first.
  const size_t size = rest_.size() / (pieces_ - next_++);
  writer.Bytes(rest_.first(size));
  rest_ = rest_.subspan(size);
  return writer.size();
}

}  // namespace confab::client
