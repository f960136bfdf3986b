#include "rtc/codec/frame_traits.h"

#include "rtc/codec/av1_payload.h"
#include "rtc/codec/h264_payload.h"
#include "rtc/codec/vp8_descriptor.h"
#include "rtc/codec/vp9_descriptor.h"
#include "rtc/rtp/dependency_descriptor.h"

namespace confab::rtc {
namespace {

std::optional<FrameTraits> Vp8Traits(const FramePacket& packet) {
  const auto descriptor = ParseVp8Descriptor(packet.payload);
  if (!descriptor) return std::nullopt;
  return FrameTraits{.keyframe = descriptor->keyframe,
                     .starts_frame = descriptor->starts_frame(),
                     .ends_frame = packet.marker,
                     .temporal_id = descriptor->temporal_id.value_or(0),
                     .layer_sync = descriptor->layer_sync};
}

std::optional<FrameTraits> Vp9Traits(const FramePacket& packet) {
  const auto descriptor = ParseVp9Descriptor(packet.payload);
  if (!descriptor) return std::nullopt;
  return FrameTraits{.keyframe = descriptor->keyframe(),
                     .starts_frame = descriptor->starts_frame,
                     .ends_frame = descriptor->ends_frame,
                     .temporal_id = descriptor->temporal_id,
                     .spatial_id = descriptor->spatial_id,
                     .layer_sync = descriptor->switching_up_point};
}

std::optional<FrameTraits> H264Traits(const FramePacket& packet) {
  const auto payload = ParseH264Payload(packet.payload);
  if (!payload) return std::nullopt;
  return FrameTraits{.keyframe = payload->keyframe(),
                     .starts_frame = payload->has_sps,
                     .ends_frame = packet.marker};
}

std::optional<FrameTraits> Av1Traits(const FramePacket& packet) {
  const auto payload = ParseAv1Payload(packet.payload);
  if (!payload) return std::nullopt;
  FrameTraits traits{.keyframe = payload->starts_coded_sequence,
                     .starts_frame = payload->starts_coded_sequence,
                     .ends_frame = packet.marker};
  if (const auto descriptor = ReadDependencyDescriptor(packet.dependency_descriptor)) {
    traits.starts_frame = descriptor->first_packet_in_frame;
    traits.ends_frame = descriptor->last_packet_in_frame;
    traits.keyframe = traits.keyframe || (traits.starts_frame && descriptor->has_structure);
  }
  return traits;
}

}  // namespace

std::optional<FrameTraits> ReadFrameTraits(const FramePacket& packet) {
  switch (packet.codec) {
    case CodecType::kOpus:
      if (packet.payload.empty()) return std::nullopt;
      return FrameTraits{.starts_frame = true, .ends_frame = true};
    case CodecType::kVp8: return Vp8Traits(packet);
    case CodecType::kVp9: return Vp9Traits(packet);
    case CodecType::kH264: return H264Traits(packet);
    case CodecType::kAv1: return Av1Traits(packet);
  }
  return std::nullopt;
}

}  // namespace confab::rtc
