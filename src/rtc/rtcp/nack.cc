#include "rtc/rtcp/nack.h"

namespace confab::rtc {
namespace {

constexpr uint16_t kMaskedSequences = 16;

struct Item {
  uint16_t pid = 0;
  uint16_t blp = 0;
};

// Takes one item's worth of numbers off the front; `sequences` is not empty.
Item TakeItem(std::span<const uint16_t>& sequences) {
  Item item{.pid = sequences.front()};
  sequences = sequences.subspan(1);
  while (!sequences.empty()) {
    const auto offset = static_cast<uint16_t>(sequences.front() - item.pid - 1);
    if (offset >= kMaskedSequences) break;
    item.blp = static_cast<uint16_t>(item.blp | 1 << offset);
    sequences = sequences.subspan(1);
  }
  return item;
}

}  // namespace

std::optional<Nack> Nack::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  Nack nack;
  nack.sender = Ssrc(reader.U32());
  nack.media = Ssrc(reader.U32());
  // "The FCI field MUST contain at least one and MAY contain more than one Generic NACK."
  if (!reader.ok() || reader.remaining() < kItemSize) return std::nullopt;
  nack.items = reader.Bytes(reader.remaining() / kItemSize * kItemSize);
  return nack;
}

size_t WriteNack(ByteWriter& writer, Ssrc sender, Ssrc media, std::span<const uint16_t> sequences) {
  if (sequences.empty()) return 0;
  std::span<const uint16_t> rest = sequences;
  size_t items = 0;
  for (; items < kMaxNackItems && !rest.empty(); ++items) (void)TakeItem(rest);
  const size_t taken = sequences.size() - rest.size();

  WriteRtcpHeader(writer, RtcpType::kTransportFeedback,
                  static_cast<uint8_t>(TransportFeedbackFormat::kNack),
                  kFeedbackPrefixSize + items * Nack::kItemSize);
  writer.U32(sender.value());
  writer.U32(media.value());
  rest = sequences;
  for (size_t i = 0; i < items; ++i) {
    const Item item = TakeItem(rest);
    writer.U16(item.pid);
    writer.U16(item.blp);
  }
  return taken;
}

}  // namespace confab::rtc
