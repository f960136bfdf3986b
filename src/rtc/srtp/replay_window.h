#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace confab::rtc {

// Which of the last packet indices have been seen (RFC 3711 §3.3.2: "the size of the replay list
// MUST be at least 64"). A ring of words, a power of two, that is cleared as it advances, never
// shifted (RFC 6479). A value; indices are full 48- or 31-bit ones and never wrap.
template <uint64_t kWords>
class BasicReplayWindow {
 public:
  // The word in which the highest index lies is not full.
  static constexpr uint64_t kSize = (kWords - 1) * 64;

  bool empty() const { return !started_; }
  // The highest index committed; meaningless while empty.
  uint64_t highest() const { return highest_; }

  // Neither seen nor too old to tell.
  bool IsFresh(uint64_t index) const {
    if (!started_ || index > highest_) return true;
    return highest_ - index < kSize && (Word(index) & Bit(index)) == 0;
  }

  // Marks an authenticated index as seen. False, and nothing changes, when it is not fresh.
  [[nodiscard]] bool Commit(uint64_t index) {
    if (!IsFresh(index)) return false;
    if (!started_ || index > highest_) Advance(index);
    words_[Slot(index)] |= Bit(index);
    return true;
  }

 private:
  static uint64_t Slot(uint64_t index) { return index / 64 % kWords; }
  static uint64_t Bit(uint64_t index) { return uint64_t{1} << (index % 64); }
  uint64_t Word(uint64_t index) const { return words_[Slot(index)]; }
  void Advance(uint64_t index) {
    if (started_) {
      const uint64_t words = std::min(index / 64 - highest_ / 64, kWords);
      for (uint64_t i = 0; i < words; ++i) words_[Slot(index - i * 64)] = 0;
    }
    started_ = true;
    highest_ = index;
  }

  uint64_t highest_ = 0;
  std::array<uint64_t, kWords> words_{};
  bool started_ = false;
};

// Wide enough for what is repeated after several round trips.
using ReplayWindow = BasicReplayWindow<32>;
// Nothing is repeated there.
using RtcpReplayWindow = BasicReplayWindow<2>;

}  // namespace confab::rtc
