// Codec payload descriptors, and what forwarding reads from a packet.

#include <array>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "rtc/codec/av1_payload.h"
#include "rtc/codec/frame_traits.h"
#include "rtc/codec/h264_payload.h"
#include "rtc/codec/vp8_descriptor.h"
#include "rtc/codec/vp9_descriptor.h"

namespace confab::rtc {
namespace {

constexpr uint16_t kPictureIdMask = 0x7fff;

template <size_t N>
std::vector<uint8_t> Joined(const std::array<uint8_t, N>& front, size_t size, BytesView rest) {
  CHECK(size <= N);
  std::vector<uint8_t> payload(front.begin(), front.begin() + static_cast<ptrdiff_t>(size));
  payload.insert(payload.end(), rest.begin(), rest.end());
  return payload;
}

void Vp8(BytesView payload, uint16_t picture_id, uint8_t tl0) {
  const auto parsed = ParseVp8Descriptor(payload);
  if (!parsed) return;
  CHECK(parsed->size < payload.size() && parsed->size <= kMaxVp8DescriptorSize);
  std::array<uint8_t, kMaxVp8DescriptorSize> front;
  const size_t size =
      RewriteVp8Descriptor(*parsed, {.picture_id = picture_id, .tl0_picture_index = tl0}, front);
  const auto rewritten = Joined(front, size, payload.subspan(parsed->size));
  const auto again = ParseVp8Descriptor(rewritten);
  CHECK(again && again->size == size && again->keyframe == parsed->keyframe);
  CHECK(again->non_reference == parsed->non_reference);
  CHECK(again->partition_start == parsed->partition_start);
  CHECK(again->partition_id == parsed->partition_id);
  CHECK(again->temporal_id == parsed->temporal_id && again->key_index == parsed->key_index);
  if (parsed->temporal_id) CHECK(again->layer_sync == parsed->layer_sync);
  CHECK(again->picture_id.has_value() == parsed->picture_id.has_value());
  if (again->picture_id) CHECK(*again->picture_id == (picture_id & kPictureIdMask));
  CHECK(again->tl0_picture_index.has_value() == parsed->tl0_picture_index.has_value());
  if (again->tl0_picture_index) CHECK(*again->tl0_picture_index == tl0);
}

void Vp9(BytesView payload, uint16_t picture_id, uint8_t tl0) {
  const auto parsed = ParseVp9Descriptor(payload);
  if (!parsed) return;
  CHECK(parsed->size < payload.size() && parsed->rewritten_size <= parsed->size);
  std::array<uint8_t, kMaxVp9RewrittenSize> front;
  const size_t size = RewriteVp9Descriptor(
      payload, *parsed, {.picture_id = picture_id, .tl0_picture_index = tl0}, front);
  const auto rewritten = Joined(front, size, payload.subspan(parsed->rewritten_size));
  const auto again = ParseVp9Descriptor(rewritten);
  CHECK(again && again->rewritten_size == size && again->keyframe() == parsed->keyframe());
  CHECK(again->inter_picture == parsed->inter_picture);
  CHECK(again->flexible_mode == parsed->flexible_mode);
  CHECK(again->starts_frame == parsed->starts_frame && again->ends_frame == parsed->ends_frame);
  CHECK(again->non_reference_above == parsed->non_reference_above);
  CHECK(again->has_layers == parsed->has_layers);
  CHECK(again->temporal_id == parsed->temporal_id && again->spatial_id == parsed->spatial_id);
  CHECK(again->switching_up_point == parsed->switching_up_point);
  CHECK(again->inter_layer_dependency == parsed->inter_layer_dependency);
  CHECK(again->spatial_layer_count == parsed->spatial_layer_count);
  CHECK(again->picture_id.has_value() == parsed->picture_id.has_value());
  if (again->picture_id) CHECK(*again->picture_id == (picture_id & kPictureIdMask));
  if (again->tl0_picture_index) CHECK(*again->tl0_picture_index == tl0);
}

}  // namespace

CONFAB_FUZZ_TARGET(codec) {
  fuzz::Input decisions(input);
  const auto codec = static_cast<CodecType>(decisions.Below(5));
  const bool marker = decisions.Flag();
  const uint16_t picture_id = decisions.U16();
  const uint8_t tl0 = decisions.U8();
  const size_t descriptor_size = decisions.Below(8);
  const BytesView rest = decisions.Rest();
  const fuzz::ExactCopy descriptor(rest.first(std::min(descriptor_size, rest.size())));
  const fuzz::ExactCopy payload(rest.subspan(descriptor.view().size()));

  (void)ReadFrameTraits({.codec = codec,
                         .marker = marker,
                         .payload = payload.view(),
                         .dependency_descriptor = descriptor.view()});
  switch (codec) {
    case CodecType::kOpus: return;
    case CodecType::kVp8: return Vp8(payload.view(), picture_id, tl0);
    case CodecType::kVp9: return Vp9(payload.view(), picture_id, tl0);
    case CodecType::kH264: return (void)ParseH264Payload(payload.view());
    case CodecType::kAv1: return (void)ParseAv1Payload(payload.view());
  }
}

}  // namespace confab::rtc
