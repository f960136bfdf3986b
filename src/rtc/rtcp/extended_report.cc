#include "rtc/rtcp/extended_report.h"

namespace confab::rtc {
namespace {

constexpr uint8_t kReceiverReferenceTime = 4;
constexpr size_t kReceiverReferenceTimeSize = 8;

}  // namespace

// RFC 3611 §3, each block:
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |      BT       | type-specific |         block length          |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
std::optional<ExtendedReport> ExtendedReport::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  ExtendedReport report;
  report.sender = Ssrc(reader.U32());
  while (reader.ok() && reader.remaining() > 0) {
    const uint8_t type = reader.U8();
    reader.Skip(1);
    const size_t words = reader.U16();
    const BytesView content = reader.Bytes(words * 4);
    if (type == kReceiverReferenceTime && content.size() == kReceiverReferenceTimeSize) {
      report.receiver_reference_time = NtpTime(LoadU64(content.data()));
    }
  }
  if (!reader.ok()) return std::nullopt;
  return report;
}

void ExtendedReport::Write(ByteWriter& writer) const {
  const size_t time_size = receiver_reference_time ? 4 + kReceiverReferenceTimeSize : 0;
  WriteRtcpHeader(writer, RtcpType::kExtendedReport, 0, 4 + time_size);
  writer.U32(sender.value());
  if (!receiver_reference_time) return;
  writer.U8(kReceiverReferenceTime);
  writer.U8(0);
  writer.U16(kReceiverReferenceTimeSize / 4);
  writer.U64(receiver_reference_time->value());
}

}  // namespace confab::rtc
