#include "rtc/rtcp/fir.h"

namespace confab::rtc {

std::optional<Fir> Fir::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  Fir fir;
  fir.sender = Ssrc(reader.U32());
  reader.Skip(4);
  // RFC 5104 §4.3.1.1: "The FCI field MUST contain one or more FIR entries."
  if (!reader.ok() || reader.remaining() < kEntrySize) return std::nullopt;
  while (reader.remaining() >= kEntrySize && !fir.entries.full()) {
    Entry entry{.ssrc = Ssrc(reader.U32()), .sequence_number = reader.U8()};
    reader.Skip(3);
    (void)fir.entries.Add(entry);
  }
  return fir;
}

void Fir::Write(ByteWriter& writer) const {
  WriteRtcpHeader(writer, RtcpType::kPayloadFeedback,
                  static_cast<uint8_t>(PayloadFeedbackFormat::kFir),
                  kFeedbackPrefixSize + entries.size() * kEntrySize);
  writer.U32(sender.value());
  writer.U32(0);
  for (const Entry& entry : entries) {
    writer.U32(entry.ssrc.value());
    writer.U8(entry.sequence_number);
    writer.Zeros(3);
  }
}

}  // namespace confab::rtc
