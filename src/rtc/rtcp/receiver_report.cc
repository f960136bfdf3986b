#include "rtc/rtcp/receiver_report.h"

namespace confab::rtc {

std::optional<ReceiverReport> ReceiverReport::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  ReceiverReport report;
  report.sender = Ssrc(reader.U32());
  for (int i = 0; i < block.count_or_format; ++i) {
    if (!report.reports.Add(ReportBlock::Read(reader))) return std::nullopt;
  }
  if (!reader.ok()) return std::nullopt;
  return report;
}

void ReceiverReport::Write(ByteWriter& writer) const {
  WriteRtcpHeader(writer, RtcpType::kReceiverReport, static_cast<uint8_t>(reports.size()),
                  4 + reports.size() * ReportBlock::kSize);
  writer.U32(sender.value());
  for (const ReportBlock& report : reports) report.Write(writer);
}

}  // namespace confab::rtc
