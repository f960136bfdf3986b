#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace confab::rtc {

// How far `to` is ahead of `from` on the circle of T: positive when newer. The point exactly
// opposite counts as ahead when the number itself is larger, so that of two different numbers one
// is always the newer.
template <std::unsigned_integral T>
constexpr std::make_signed_t<T> SequenceDistance(T from, T to) {
  return static_cast<std::make_signed_t<T>>(static_cast<T>(to - from));
}

template <std::unsigned_integral T>
constexpr bool IsNewerSequence(T candidate, T than) {
  constexpr T kHalf = static_cast<T>(T{1} << (sizeof(T) * 8 - 1));
  const T ahead = static_cast<T>(candidate - than);
  if (ahead == kHalf) return candidate > than;
  return ahead != 0 && ahead < kHalf;
}

// Turns numbers that wrap into numbers that do not. Each input is taken as the one nearest to the
// previous input; the first gives itself. Results may be negative after reordering at the start.
template <std::unsigned_integral T>
class SequenceUnwrapper {
 public:
  int64_t Unwrap(T number) {
    last_ = Peek(number);
    started_ = true;
    return last_;
  }
  // What Unwrap would return, without remembering it.
  int64_t Peek(T number) const {
    if (!started_) return static_cast<int64_t>(number);
    return last_ + SequenceDistance(static_cast<T>(last_), number);
  }

 private:
  int64_t last_ = 0;
  bool started_ = false;
};

}  // namespace confab::rtc
