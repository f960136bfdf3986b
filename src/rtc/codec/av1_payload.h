#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace confab::rtc {

// AV1 aggregation header (AV1 RTP specification §4.4).
//  0 1 2 3 4 5 6 7
// +-+-+-+-+-+-+-+-+
// |Z|Y| W |N|-|-|-|
// +-+-+-+-+-+-+-+-+
struct Av1Payload {
  bool continues_element = false;      // Z: begins with the rest of an OBU element
  bool element_continues = false;      // Y: the last OBU element goes on in the next packet
  uint8_t element_count = 0;           // W; 0: each element has a length
  bool starts_coded_sequence = false;  // N: first packet of a coded video sequence, of a keyframe
};

// nullopt: nothing after the aggregation header, or N together with Z (§4.4: "If N is equal to 1
// then Z must be equal to 0").
std::optional<Av1Payload> ParseAv1Payload(BytesView payload);

}  // namespace confab::rtc
