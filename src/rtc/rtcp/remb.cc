#include "rtc/rtcp/remb.h"

#include <algorithm>
#include <limits>

namespace confab::rtc {
namespace {

constexpr uint32_t kIdentifier = 0x52454d42;  // "REMB"
constexpr uint64_t kMaxMantissa = 0x3'ffff;
constexpr size_t kFixedSize = kFeedbackPrefixSize + 8;

// mantissa * 2^exponent, held at what a DataRate can carry.
DataRate RateOf(uint64_t mantissa, int exponent) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  // 18 bits of mantissa and 44 of exponent stay below 2^63.
  if (exponent > 44 && mantissa != 0) return DataRate::BitsPerSecond(kMax);
  return DataRate::BitsPerSecond(static_cast<int64_t>(mantissa << (mantissa == 0 ? 0 : exponent)));
}

}  // namespace

bool Remb::Matches(const RtcpBlock& block) {
  return block.body.size() >= kFixedSize &&
         LoadU32(&block.body[kFeedbackPrefixSize]) == kIdentifier;
}

std::optional<Remb> Remb::Parse(const RtcpBlock& block) {
  if (!Matches(block)) return std::nullopt;
  ByteReader reader(block.body);
  Remb remb;
  remb.sender = Ssrc(reader.U32());
  reader.Skip(8);  // media source, always 0, and the identifier
  const size_t count = reader.U8();
  const uint32_t rate = reader.U24();
  remb.bitrate = RateOf(rate & kMaxMantissa, static_cast<int>(rate >> 18));
  if (reader.remaining() < count * 4) return std::nullopt;
  for (size_t i = 0; i < std::min(count, kMaxSsrcs); ++i) (void)remb.ssrcs.Add(Ssrc(reader.U32()));
  return remb;
}

void Remb::Write(ByteWriter& writer) const {
  uint64_t mantissa = static_cast<uint64_t>(std::max<int64_t>(bitrate.bps(), 0));
  uint32_t exponent = 0;
  for (; mantissa > kMaxMantissa; mantissa >>= 1) ++exponent;
  WriteRtcpHeader(writer, RtcpType::kPayloadFeedback,
                  static_cast<uint8_t>(PayloadFeedbackFormat::kApplication),
                  kFixedSize + 4 * ssrcs.size());
  writer.U32(sender.value());
  writer.U32(0);
  writer.U32(kIdentifier);
  writer.U8(static_cast<uint8_t>(ssrcs.size()));
  writer.U24(exponent << 18 | static_cast<uint32_t>(mantissa));
  for (const Ssrc ssrc : ssrcs) writer.U32(ssrc.value());
}

}  // namespace confab::rtc
