#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace confab::observe {

// A counter for each value of an enum (E::kCount values, beginning with 0), for what happens per
// packet: why it was dropped, which way it took. One thread adds, without a locked instruction;
// every thread may read. Wraps at 2^64.
template <typename E, size_t kSize>
class CounterArray {
 public:
  void Add(E reason, uint64_t count = 1) {
    auto& counter = counters_[static_cast<size_t>(reason)];
    counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  uint64_t operator[](E reason) const {
    return counters_[static_cast<size_t>(reason)].load(std::memory_order_relaxed);
  }
  static constexpr size_t size() { return kSize; }

 private:
  std::array<std::atomic<uint64_t>, kSize> counters_{};
};

}  // namespace confab::observe
