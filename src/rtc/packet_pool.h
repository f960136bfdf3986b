#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/types.h"

namespace confab::rtc {

class PacketPool;

// Received datagrams that are longer are cut off by the kernel and dropped: no WebRTC sender makes
// them (RFC 8831 §5 assumes a path MTU of 1280 at most).
inline constexpr size_t kMaxPacketSize = 1500;

// Where a header extension's data lies in a packet: offset from the first octet, 0 for absent.
struct ExtensionSlot {
  uint16_t offset = 0;
  uint8_t size = 0;
};

// One received datagram and what was read from it. Lives in a PacketPool; after it has been opened
// and read it is const for everyone downstream.
class Packet {
 public:
  // In the order of rtc::RtpExtension.
  static constexpr size_t kExtensionSlots = 11;

  MutableBytes buffer() { return data_; }
  BytesView bytes() const { return BytesView(data_).first(size); }
  MutableBytes mutable_bytes() { return MutableBytes(data_).first(size); }
  BytesView payload() const { return BytesView(data_).subspan(payload_offset, payload_size); }

  uint16_t size = 0;  // octets of the datagram, later of the opened packet
  Timestamp received_at;
  Path path;

  // RTP header fields, host order. Valid once Session::Opened has said kRtp.
  Ssrc ssrc;
  PayloadType payload_type;
  bool marker = false;
  uint16_t sequence = 0;
  uint32_t rtp_timestamp = 0;
  uint16_t payload_offset = 0;
  uint16_t payload_size = 0;  // without padding; 0 for a packet of padding alone
  std::array<ExtensionSlot, kExtensionSlots> extensions{};

  // What the producer's codec says of the payload. Set by sfu::Producer.
  bool keyframe = false;  // as FrameTraits says
  bool starts_frame = false;
  // The sequence number without wrap, counted per producer stream.
  int64_t unwrapped_sequence = 0;

 private:
  friend class PacketPool;
  friend class PacketRef;
  uint32_t references_ = 0;
  PacketPool* pool_ = nullptr;
  std::array<uint8_t, kMaxPacketSize> data_;
};

// Shared ownership of a pooled packet on one thread: the count is a plain integer.
class PacketRef {
 public:
  PacketRef() = default;
  explicit PacketRef(Packet* packet) : packet_(packet) { Take(); }
  PacketRef(const PacketRef& other) : packet_(other.packet_) { Take(); }
  PacketRef(PacketRef&& other) noexcept : packet_(std::exchange(other.packet_, nullptr)) {}
  PacketRef& operator=(PacketRef other) noexcept {
    std::swap(packet_, other.packet_);
    return *this;
  }
  ~PacketRef() { Drop(); }

  explicit operator bool() const { return packet_ != nullptr; }
  const Packet* operator->() const { return packet_; }
  const Packet& operator*() const { return *packet_; }
  // Only for those who fill it: the receiving I/O, the session that opens it, the producer.
  Packet& writable() const { return *packet_; }

 private:
  void Take() {
    if (packet_ != nullptr) ++packet_->references_;
  }
  inline void Drop();

  Packet* packet_ = nullptr;
};

// Packets in slabs that are reused and never given back. Lives on one thread and outlives its refs.
class PacketPool {
 public:
  static constexpr size_t kSlabPackets = 256;
  // 64 Ki packets are about 100 MB: ten seconds of 80 Mbit/s kept by caches.
  static constexpr size_t kMaxPackets = 65'536;
  static constexpr size_t kScarceFrom = kMaxPackets / 5 * 4;

  // An empty packet, or a null ref at the limit: then the datagram is dropped and counted.
  PacketRef Acquire();
  size_t in_use() const { return slabs_.size() * kSlabPackets - free_.size(); }
  // Whoever keeps packets that others could do without is to keep fewer.
  bool is_scarce() const { return in_use() > kScarceFrom; }

 private:
  friend class PacketRef;
  bool Grow();
  void Release(Packet* packet) { free_.push_back(packet); }

  std::vector<std::unique_ptr<std::array<Packet, kSlabPackets>>> slabs_;
  std::vector<Packet*> free_;
};

void PacketRef::Drop() {
  if (packet_ != nullptr && --packet_->references_ == 0) packet_->pool_->Release(packet_);
}

}  // namespace confab::rtc
