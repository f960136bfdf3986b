#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "rtc/packet_pool.h"
#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// Packets of many sessions that are to be opened together. Filled by Session::Classify, opened by
// the engine, handed back to Session::Opened. Reused from turn to turn.
class OpenBatch {
 public:
  void Add(PacketRef packet, const OpenJob& job) {
    jobs_.push_back(job);
    packets_.push_back(std::move(packet));
  }
  size_t size() const { return jobs_.size(); }
  std::span<OpenJob> jobs() { return jobs_; }
  // The packet of the job with this index.
  const PacketRef& packet(size_t i) const { return packets_[i]; }
  void Clear() {
    jobs_.clear();
    packets_.clear();
  }

 private:
  std::vector<OpenJob> jobs_;
  std::vector<PacketRef> packets_;
};

// Packets of many sessions that are to be sealed together, laid out one after another in one arena:
// each takes exactly its sealed size, so that equal neighbours for one path are a GSO run as they
// lie. Bounded: when it is full it is sealed, sent and cleared before the rest is released.
class SealBatch {
 public:
  // About 160 KB with video packets: stays in a level 2 cache.
  static constexpr size_t kMaxPackets = 128;
  static constexpr size_t kArenaBytes = kMaxPackets * (kMaxPacketSize + kMaxSealOverhead);

  struct Entry {
    Path path;
    PacketRef packet;  // keeps the body alive until it is sealed; null for RTCP
    SendPriority priority = SendPriority::kControl;
  };

  SealBatch() : arena_(kArenaBytes) {
    jobs_.reserve(kMaxPackets);
    entries_.reserve(kMaxPackets);
  }

  bool full() const {
    return jobs_.size() == kMaxPackets || arena_.size() - used_ < kMaxPacketSize + kMaxSealOverhead;
  }
  bool empty() const { return jobs_.empty(); }
  // Room for the largest packet; only while not full().
  MutableBytes Slot() {
    return MutableBytes(arena_).subspan(used_, kMaxPacketSize + kMaxSealOverhead);
  }
  // The packet in the last Slot() will take `sealed_size` octets.
  void Add(const Path& path, PacketRef packet, SealJob job, size_t sealed_size,
           SendPriority priority) {
    job.out = job.out.first(sealed_size);
    used_ += sealed_size;
    jobs_.push_back(job);
    entries_.push_back({path, std::move(packet), priority});
  }

  std::span<SealJob> jobs() { return jobs_; }
  std::span<const SealJob> jobs() const { return jobs_; }
  std::span<const Entry> entries() const { return entries_; }
  void Clear() {
    used_ = 0;
    jobs_.clear();
    entries_.clear();
  }

 private:
  std::vector<uint8_t> arena_;
  size_t used_ = 0;
  std::vector<SealJob> jobs_;
  std::vector<Entry> entries_;
};

}  // namespace confab::rtc
