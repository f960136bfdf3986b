#include "rtc/rtp/dependency_descriptor.h"

namespace confab::rtc {
namespace {

constexpr size_t kMandatorySize = 3;

}  // namespace

std::optional<DependencyDescriptor> ReadDependencyDescriptor(BytesView value) {
  if (value.size() < kMandatorySize) return std::nullopt;
  return DependencyDescriptor{
      .first_packet_in_frame = (value[0] & 0x80) != 0,
      .last_packet_in_frame = (value[0] & 0x40) != 0,
      .template_id = static_cast<uint8_t>(value[0] & 0x3f),
      .frame_number = LoadU16(&value[1]),
      .has_structure = value.size() > kMandatorySize && (value[3] & 0x80) != 0};
}

}  // namespace confab::rtc
