#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace confab::rtc {

// The mandatory first fields of the Dependency Descriptor (AV1 RTP specification, appendix A.8.2).
//
//  0                   1                   2
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
// |S|E| template  |         frame number          |T|A|…
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
//
// T (template dependency structure present) is there only when the value is longer than 3 octets;
// what follows depends on the last structure and is not read here.
struct DependencyDescriptor {
  bool first_packet_in_frame = false;
  bool last_packet_in_frame = false;
  uint8_t template_id = 0;  // 6 bits
  uint16_t frame_number = 0;
  // A structure comes with the frames that start a coded video sequence: with key frames.
  bool has_structure = false;
  bool operator==(const DependencyDescriptor&) const = default;
};

std::optional<DependencyDescriptor> ReadDependencyDescriptor(BytesView value);

}  // namespace confab::rtc
