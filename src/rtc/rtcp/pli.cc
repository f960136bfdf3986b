#include "rtc/rtcp/pli.h"

namespace confab::rtc {

std::optional<Pli> Pli::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  Pli pli;
  pli.sender = Ssrc(reader.U32());
  pli.media = Ssrc(reader.U32());
  if (!reader.ok()) return std::nullopt;
  return pli;
}

void Pli::Write(ByteWriter& writer) const {
  WriteRtcpHeader(writer, RtcpType::kPayloadFeedback,
                  static_cast<uint8_t>(PayloadFeedbackFormat::kPli), kFeedbackPrefixSize);
  writer.U32(sender.value());
  writer.U32(media.value());
}

}  // namespace confab::rtc
