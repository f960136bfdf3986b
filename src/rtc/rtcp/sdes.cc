#include "rtc/rtcp/sdes.h"

#include "base/check.h"

namespace confab::rtc {
namespace {

constexpr uint8_t kEndItem = 0;
constexpr uint8_t kCnameItem = 1;

// The end octet and the filling up to 32 bits after `item_octets`: 1 to 4 zeros.
size_t FillSize(size_t item_octets) {
  return 4 - item_octets % 4;
}

size_t ItemSize(const Sdes::Chunk& chunk) {
  return chunk.cname.empty() ? 0 : 2 + chunk.cname.size();
}

// Reads items up to and with the fill. Their positions count from the packet's start, which is
// aligned as the chunk is.
Sdes::Chunk ReadChunk(ByteReader& reader) {
  Sdes::Chunk chunk{.ssrc = Ssrc(reader.U32())};
  for (;;) {
    const uint8_t type = reader.U8();
    if (type == kEndItem) break;  // a failed reader gives 0 too
    const BytesView text = reader.Bytes(reader.U8());
    if (type == kCnameItem) chunk.cname = AsText(text);
  }
  reader.Skip((4 - reader.offset() % 4) % 4);
  return chunk;
}

}  // namespace

std::optional<Sdes> Sdes::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  Sdes sdes;
  for (int i = 0; i < block.count_or_format; ++i) {
    if (!sdes.chunks.Add(ReadChunk(reader))) return std::nullopt;
  }
  if (!reader.ok()) return std::nullopt;
  return sdes;
}

void Sdes::Write(ByteWriter& writer) const {
  size_t size = 0;
  for (const Chunk& chunk : chunks) {
    CHECK(chunk.cname.size() <= kMaxCnameSize);
    size += 4 + ItemSize(chunk) + FillSize(ItemSize(chunk));
  }
  WriteRtcpHeader(writer, RtcpType::kSdes, static_cast<uint8_t>(chunks.size()), size);
  for (const Chunk& chunk : chunks) {
    writer.U32(chunk.ssrc.value());
    if (!chunk.cname.empty()) {
      writer.U8(kCnameItem);
      writer.U8(static_cast<uint8_t>(chunk.cname.size()));
      writer.Bytes(AsBytes(chunk.cname));
    }
    writer.Zeros(FillSize(ItemSize(chunk)));
  }
}

}  // namespace confab::rtc
