#include "rtc/codec/h264_payload.h"

namespace confab::rtc {
namespace {

constexpr uint8_t kTypeMask = 0x1f;
constexpr uint8_t kFuStart = 0x80;  // S
constexpr uint8_t kFuEnd = 0x40;    // E

void Note(uint8_t nal_header, H264Payload& result) {
  const H264NalType type{static_cast<uint8_t>(nal_header & kTypeMask)};
  result.has_sps = result.has_sps || type == H264NalType::kSps;
  result.has_pps = result.has_pps || type == H264NalType::kPps;
  result.has_idr = result.has_idr || type == H264NalType::kIdr;
}

// NAL units of 16 bits of size and as many octets, without a gap.
std::optional<H264Payload> ParseStapA(ByteReader& reader) {
  H264Payload result{.starts_nal = true, .ends_nal = true};
  do {
    const BytesView nal = reader.Bytes(reader.U16());
    if (!reader.ok() || nal.empty()) return std::nullopt;
    Note(nal[0], result);
  } while (reader.remaining() > 0);
  return result;
}

// +---------------+
// |S|E|R|  Type   | FU header
// +---------------+
std::optional<H264Payload> ParseFuA(ByteReader& reader) {
  const uint8_t fu_header = reader.U8();
  if (!reader.ok() || reader.remaining() == 0) return std::nullopt;
  H264Payload result{.starts_nal = (fu_header & kFuStart) != 0,
                     .ends_nal = (fu_header & kFuEnd) != 0};
  if (result.starts_nal) Note(fu_header, result);
  return result;
}

}  // namespace

std::optional<H264Payload> ParseH264Payload(BytesView payload) {
  ByteReader reader(payload);
  const uint8_t header = reader.U8();
  const uint8_t type = header & kTypeMask;
  if (!reader.ok() || type == 0) return std::nullopt;
  if (type < static_cast<uint8_t>(H264NalType::kStapA)) {
    H264Payload result{.starts_nal = true, .ends_nal = true};
    Note(header, result);
    return result;
  }
  if (type == static_cast<uint8_t>(H264NalType::kStapA)) return ParseStapA(reader);
  if (type == static_cast<uint8_t>(H264NalType::kFuA)) return ParseFuA(reader);
  return std::nullopt;
}

}  // namespace confab::rtc
