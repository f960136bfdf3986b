#include "sfu/packet_cache.h"

#include <algorithm>

namespace confab::sfu {

void PacketCache::Add(const rtc::PacketRef& packet) {
  const int64_t sequence = packet->unwrapped_sequence;
  if (ring_.empty()) ring_.resize(kMaxPackets);
  constexpr auto kReach = static_cast<int64_t>(kMaxPackets);
  if (empty_ || sequence - newest_ >= kReach) {
    Clear();
    newest_ = sequence;
    oldest_ = sequence;
    empty_ = false;
  }
  if (sequence <= newest_ - kReach) return;
  // The slots between the newest packet and this one belong to packets that have not come.
  for (int64_t missing = newest_ + 1; missing < sequence; ++missing) ring_[Slot(missing)] = {};
  newest_ = std::max(newest_, sequence);
  oldest_ = std::max(std::min(oldest_, sequence), newest_ - kReach + 1);
  ring_[Slot(sequence)] = packet;
  if (packet->keyframe) NoteKeyframe(*packet);
}

// An H264 keyframe is several such packets: parameter sets and slices.
void PacketCache::NoteKeyframe(const rtc::Packet& packet) {
  const rtc::PacketRef* known = Find(keyframe_);
  const bool same = known != nullptr && (*known)->rtp_timestamp == packet.rtp_timestamp;
  const int64_t sequence = packet.unwrapped_sequence;
  keyframe_ = same ? std::min(keyframe_, sequence) : std::max(keyframe_, sequence);
}

void PacketCache::Clear() {
  std::ranges::fill(ring_, rtc::PacketRef());
  keyframe_ = -1;
  empty_ = true;
}

const rtc::PacketRef* PacketCache::Find(int64_t unwrapped_sequence) const {
  if (empty_ || unwrapped_sequence < oldest_ || unwrapped_sequence > newest_) return nullptr;
  const rtc::PacketRef& packet = ring_[Slot(unwrapped_sequence)];
  return packet && packet->unwrapped_sequence == unwrapped_sequence ? &packet : nullptr;
}

// An IDR slice without an SPS in its picture is a beginning, too: parameter sets may have come out
// of band. That there is none is known once everything before it has come.
bool PacketCache::HasWholeBeginning() const {
  const rtc::PacketRef* keyframe = Find(keyframe_);
  const rtc::PacketRef* before = keyframe;
  for (int64_t sequence = keyframe_; before != nullptr; before = Find(--sequence)) {
    if ((*before)->rtp_timestamp != (*keyframe)->rtp_timestamp) return true;
    if ((*before)->starts_frame) return true;
  }
  return false;
}

void PacketCache::CollectFromKeyframe(Timestamp now, std::vector<rtc::PacketRef>& out) const {
  out.clear();
  const rtc::PacketRef* keyframe = Find(keyframe_);
  if (keyframe == nullptr || now - (*keyframe)->received_at > kMaxAge) return;
  if (!HasWholeBeginning()) return;
  for (int64_t sequence = keyframe_; sequence <= newest_; ++sequence) {
    const rtc::PacketRef* packet = Find(sequence);
    if (packet == nullptr) return out.clear();
    out.push_back(*packet);
  }
}

void PacketCache::Expire(Timestamp now, TimeDelta max_age) {
  while (!empty_ && oldest_ <= newest_) {
    rtc::PacketRef& packet = ring_[Slot(oldest_)];
    if (packet && now - packet->received_at <= max_age) return;
    packet = {};
    ++oldest_;
  }
  empty_ = true;
}

}  // namespace confab::sfu
