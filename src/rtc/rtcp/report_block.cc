#include "rtc/rtcp/report_block.h"

namespace confab::rtc {
namespace {

constexpr uint32_t kSign24 = 0x80'0000;

}  // namespace

ReportBlock ReportBlock::Read(ByteReader& reader) {
  ReportBlock block;
  block.ssrc = Ssrc(reader.U32());
  block.fraction_lost_q8 = reader.U8();
  block.cumulative_lost =
      static_cast<int32_t>(reader.U24() ^ kSign24) - static_cast<int32_t>(kSign24);
  block.extended_highest_sequence = reader.U32();
  block.jitter = reader.U32();
  block.last_sender_report = reader.U32();
  block.delay_since_report_q16 = reader.U32();
  return block;
}

void ReportBlock::Write(ByteWriter& writer) const {
  writer.U32(ssrc.value());
  writer.U8(fraction_lost_q8);
  writer.U24(static_cast<uint32_t>(cumulative_lost) & 0xff'ffff);
  writer.U32(extended_highest_sequence);
  writer.U32(jitter);
  writer.U32(last_sender_report);
  writer.U32(delay_since_report_q16);
}

}  // namespace confab::rtc
