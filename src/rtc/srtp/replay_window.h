#pragma once

#include <cstdint>

namespace confab::rtc {

// Which of the last 128 packet indices have been seen (RFC 3711 §3.3.2: "the size of the replay
// list MUST be at least 64"). A value; indices are full 48- or 31-bit ones and never wrap.
class ReplayWindow {
 public:
  static constexpr uint64_t kSize = 128;

  bool empty() const { return !started_; }
  // The highest index committed; meaningless while empty.
  uint64_t highest() const { return highest_; }

  // Neither seen nor too old to tell.
  bool IsFresh(uint64_t index) const {
    if (!started_ || index > highest_) return true;
    const uint64_t age = highest_ - index;
    return age < kSize && !Bit(age);
  }

  // Marks an authenticated index as seen. False, and nothing changes, when it is not fresh.
  [[nodiscard]] bool Commit(uint64_t index) {
    if (!IsFresh(index)) return false;
    if (!started_ || index > highest_) {
      Shift(started_ ? index - highest_ : kSize);
      started_ = true;
      highest_ = index;
    }
    SetBit(highest_ - index);
    return true;
  }

 private:
  // Bit `age` stands for highest_ - age.
  bool Bit(uint64_t age) const { return (bits_[age / 64] >> (age % 64) & 1) != 0; }
  void SetBit(uint64_t age) { bits_[age / 64] |= uint64_t{1} << (age % 64); }
  void Shift(uint64_t by) {
    if (by >= kSize) {
      bits_[0] = bits_[1] = 0;
    } else if (by >= 64) {
      bits_[1] = bits_[0] << (by - 64);
      bits_[0] = 0;
    } else if (by > 0) {
      bits_[1] = bits_[1] << by | bits_[0] >> (64 - by);
      bits_[0] <<= by;
    }
  }

  uint64_t highest_ = 0;
  uint64_t bits_[2] = {0, 0};
  bool started_ = false;
};

}  // namespace confab::rtc
