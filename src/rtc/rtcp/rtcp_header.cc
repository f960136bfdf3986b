#include "rtc/rtcp/rtcp_header.h"

namespace confab::rtc {
namespace {

constexpr uint8_t kVersion = 2;

}  // namespace

std::optional<RtcpBlock> TakeRtcpBlock(BytesView& rest) {
  if (rest.size() < kRtcpHeaderSize || rest[0] >> 6 != kVersion) return std::nullopt;
  const size_t size = kRtcpHeaderSize + size_t{4} * LoadU16(&rest[2]);
  if (rest.size() < size) return std::nullopt;
  RtcpBlock block{.type = RtcpType{rest[1]},
                  .count_or_format = static_cast<uint8_t>(rest[0] & 0x1f),
                  .body = rest.subspan(kRtcpHeaderSize, size - kRtcpHeaderSize)};
  if ((rest[0] & 0x20) != 0) {
    const size_t padding = block.body.empty() ? 0 : block.body.back();
    if (padding == 0 || padding > block.body.size()) return std::nullopt;
    block.body = block.body.first(block.body.size() - padding);
  }
  rest = rest.subspan(size);
  return block;
}

void WriteRtcpHeader(ByteWriter& writer, RtcpType type, uint8_t count_or_format, size_t body_size) {
  writer.U8(static_cast<uint8_t>(kVersion << 6 | (count_or_format & 0x1f)));
  writer.U8(static_cast<uint8_t>(type));
  writer.U16(static_cast<uint16_t>(body_size / 4));
}

}  // namespace confab::rtc
