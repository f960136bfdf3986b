#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "rtc/packet_pool.h"

namespace confab::rtc {

// Plain RTCP packets of one session that wait to be sealed. Owned by the session. At its limit a
// packet is refused: RTCP repeats itself.
class RtcpQueue {
 public:
  static constexpr size_t kMaxBytes = 32 * 1024;

  void Add(BytesView packet) {
    if (packet.empty() || packet.size() > kMaxPacketSize ||
        bytes_.size() + packet.size() > kMaxBytes) {
      ++refused_;
      return;
    }
    bytes_.insert(bytes_.end(), packet.begin(), packet.end());
    sizes_.push_back(static_cast<uint16_t>(packet.size()));
  }
  bool empty() const { return next_ == sizes_.size(); }
  // The oldest packet; valid until the next Add.
  BytesView front() const { return BytesView(bytes_).subspan(offset_, sizes_[next_]); }
  void Pop() {
    offset_ += sizes_[next_++];
    if (empty()) Clear();
  }
  void Clear() {
    bytes_.clear();
    sizes_.clear();
    offset_ = next_ = 0;
  }
  uint64_t refused() const { return refused_; }

 private:
  std::vector<uint8_t> bytes_;
  std::vector<uint16_t> sizes_;
  size_t offset_ = 0;
  size_t next_ = 0;
  uint64_t refused_ = 0;
};

}  // namespace confab::rtc
