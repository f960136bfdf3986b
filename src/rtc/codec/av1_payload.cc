#include "rtc/codec/av1_payload.h"

namespace confab::rtc {

std::optional<Av1Payload> ParseAv1Payload(BytesView payload) {
  if (payload.size() < 2) return std::nullopt;
  const uint8_t header = payload[0];
  const Av1Payload result{.continues_element = (header & 0x80) != 0,
                          .element_continues = (header & 0x40) != 0,
                          .element_count = static_cast<uint8_t>(header >> 4 & 0x03),
                          .starts_coded_sequence = (header & 0x08) != 0};
  if (result.starts_coded_sequence && result.continues_element) return std::nullopt;
  return result;
}

}  // namespace confab::rtc
