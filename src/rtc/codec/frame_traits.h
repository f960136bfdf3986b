#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtc/codec/codec_type.h"

namespace confab::rtc {

// What forwarding needs to know of one packet's place in its frame and layers.
struct FrameTraits {
  // A receiver can begin here. VP8, VP9, AV1: set on the first packet of a keyframe alone. H264: on
  // each packet that holds an SPS or begins an IDR slice.
  bool keyframe = false;
  // First packet of a frame (VP9: of a layer frame). AV1 without Dependency Descriptor says it of
  // keyframes alone, H264 of what holds an SPS: elsewhere a new RTP timestamp tells.
  bool starts_frame = false;
  // Last packet of a frame (VP9: of a layer frame).
  bool ends_frame = false;
  uint8_t temporal_id = 0;
  uint8_t spatial_id = 0;
  // A receiver may move up to this temporal layer here (VP8: Y, VP9: U).
  bool layer_sync = false;
  bool operator==(const FrameTraits&) const = default;
};

// One opened packet.
struct FramePacket {
  CodecType codec = CodecType::kVp8;
  bool marker = false;              // of the RTP header
  BytesView payload;                // without padding
  BytesView dependency_descriptor;  // the extension's value, empty when absent; AV1 only
};

// nullopt: the payload is empty or its descriptor is broken.
std::optional<FrameTraits> ReadFrameTraits(const FramePacket& packet);

}  // namespace confab::rtc
