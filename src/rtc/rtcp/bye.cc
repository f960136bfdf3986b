#include "rtc/rtcp/bye.h"

namespace confab::rtc {

std::optional<Bye> Bye::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  Bye bye;
  for (int i = 0; i < block.count_or_format; ++i) {
    if (!bye.ssrcs.Add(Ssrc(reader.U32()))) return std::nullopt;
  }
  if (!reader.ok()) return std::nullopt;
  return bye;
}

void Bye::Write(ByteWriter& writer) const {
  WriteRtcpHeader(writer, RtcpType::kBye, static_cast<uint8_t>(ssrcs.size()), 4 * ssrcs.size());
  for (const Ssrc ssrc : ssrcs) writer.U32(ssrc.value());
}

}  // namespace confab::rtc
