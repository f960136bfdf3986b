#include "rtc/rtcp/sender_report.h"

namespace confab::rtc {
namespace {

constexpr size_t kSenderPartSize = 24;

}  // namespace

std::optional<SenderReport> SenderReport::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  SenderReport report;
  report.sender = Ssrc(reader.U32());
  report.ntp = NtpTime(reader.U64());
  report.rtp_timestamp = reader.U32();
  report.packet_count = reader.U32();
  report.octet_count = reader.U32();
  for (int i = 0; i < block.count_or_format; ++i) {
    if (!report.reports.Add(ReportBlock::Read(reader))) return std::nullopt;
  }
  if (!reader.ok()) return std::nullopt;
  return report;
}

void SenderReport::Write(ByteWriter& writer) const {
  WriteRtcpHeader(writer, RtcpType::kSenderReport, static_cast<uint8_t>(reports.size()),
                  kSenderPartSize + reports.size() * ReportBlock::kSize);
  writer.U32(sender.value());
  writer.U64(ntp.value());
  writer.U32(rtp_timestamp);
  writer.U32(packet_count);
  writer.U32(octet_count);
  for (const ReportBlock& report : reports) report.Write(writer);
}

}  // namespace confab::rtc
