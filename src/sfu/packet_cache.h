#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/units.h"
#include "rtc/packet_pool.h"

namespace confab::sfu {

// The newest packets of one producer stream, for all of its consumers: a newcomer is started from
// the newest keyframe in it. A ring indexed by the unwrapped sequence number; belongs to the
// stream.
class PacketCache {
 public:
  // A power of two. Two seconds of 6 Mbit/s in packets of 1200 octets.
  static constexpr size_t kMaxPackets = 1024;
  // An older keyframe is a longer catch-up than waiting for a new one.
  static constexpr TimeDelta kMaxAge = TimeDelta::Seconds(2);
  // Where the pool runs short: what receivers miss is still asked for within it.
  static constexpr TimeDelta kMaxAgeWhenScarce = TimeDelta::Millis(500);
  // How often Expire is called.
  static constexpr TimeDelta kSweepInterval = TimeDelta::Millis(250);

  // Packets may come out of order; one that is older than the ring reaches is not kept.
  void Add(const rtc::PacketRef& packet);
  void Clear();

  // The newest number kept; -1 before the first.
  int64_t newest() const { return newest_; }
  // The packet with this number, or null.
  const rtc::PacketRef* Find(int64_t unwrapped_sequence) const;
  // Nothing is missing in front of the newest keyframe that belongs to it.
  bool HasWholeBeginning() const;
  // Packets from the newest keyframe to the newest packet, in order, without those that are
  // missing; empty if there is no keyframe of the last kMaxAge, or if a packet of its beginning or
  // in between is missing (the receiver could not decode what follows).
  void CollectFromKeyframe(Timestamp now, std::vector<rtc::PacketRef>& out) const;
  // Lets go of what is older than this.
  void Expire(Timestamp now, TimeDelta max_age);
  bool empty() const { return empty_; }

 private:
  void NoteKeyframe(const rtc::Packet& packet);
  static constexpr size_t Slot(int64_t sequence) {
    return static_cast<size_t>(sequence) & (kMaxPackets - 1);
  }

  std::vector<rtc::PacketRef> ring_;  // empty until the first packet
  int64_t newest_ = -1;
  int64_t oldest_ = 0;     // nothing below it is kept
  int64_t keyframe_ = -1;  // the first packet of the newest
  bool empty_ = true;
};

}  // namespace confab::sfu
