#include "rtc/packet_pool.h"

namespace confab::rtc {

PacketRef PacketPool::Acquire() {
  if (free_.empty() && !Grow()) return {};
  Packet* packet = free_.back();
  free_.pop_back();
  packet->size = 0;
  packet->payload_offset = 0;
  packet->payload_size = 0;
  packet->keyframe = false;
  packet->starts_frame = false;
  packet->extensions = {};
  return PacketRef(packet);
}

bool PacketPool::Grow() {
  if (slabs_.size() * kSlabPackets >= kMaxPackets) return false;
  auto& slab = *slabs_.emplace_back(std::make_unique<std::array<Packet, kSlabPackets>>());
  free_.reserve(slabs_.size() * kSlabPackets);
  for (Packet& packet : slab) {
    packet.pool_ = this;
    free_.push_back(&packet);
  }
  return true;
}

}  // namespace confab::rtc
