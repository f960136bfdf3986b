#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtc/codec/codec_type.h"

namespace confab::rtc {

// What forwarding needs to know of one packet's place in its frame and layers.
struct FrameTraits {
  bool keyframe = false;      // the packet belongs to a frame that needs no other; see below
  bool starts_frame = false;  // first packet of a frame (VP9: of a layer frame)
  bool ends_frame = false;    // last packet of a frame (VP9: of a layer frame)
  uint8_t temporal_id = 0;
  uint8_t spatial_id = 0;
  // A receiver may move up to this temporal layer here (VP8: Y bit; VP9: U bit).
  bool layer_sync = false;
  bool operator==(const FrameTraits&) const = default;
};

// One opened packet. `keyframe` of the result can be told with certainty only where the codec says
// it: VP8 and H264 at the packet that starts the keyframe (later packets of the frame say false),
// VP9 and AV1 with Dependency Descriptor likewise.
struct FramePacket {
  CodecType codec = CodecType::kVp8;
  bool marker = false;              // of the RTP header
  BytesView payload;                // without padding
  BytesView dependency_descriptor;  // the extension's value, empty when absent
};

// nullopt: the payload is empty or its descriptor is broken.
std::optional<FrameTraits> ReadFrameTraits(const FramePacket& packet);

}  // namespace confab::rtc
