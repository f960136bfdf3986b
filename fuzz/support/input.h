#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace confab::fuzz {

// Takes decisions and pieces off the front of an input. Past the end everything is zero or empty.
class Input {
 public:
  explicit Input(BytesView bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  uint8_t U8() { return static_cast<uint8_t>(Number(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Number(2)); }
  uint32_t U32() { return static_cast<uint32_t>(Number(4)); }
  uint64_t U64() { return Number(8); }
  // 0 to `bound` - 1; `bound` is 1 to 256.
  size_t Below(size_t bound) { return U8() % bound; }
  bool Flag() { return (U8() & 1) != 0; }
  // 16 bits of length, then so many octets, or what is left of them.
  BytesView Piece() {
    const size_t size = U16();
    return Take(size);
  }
  BytesView Rest() { return Take(rest_.size()); }

 private:
  uint64_t Number(size_t octets) {
    uint64_t value = 0;
    for (const uint8_t octet : Take(octets)) value = value << 8 | octet;
    return value;
  }
  BytesView Take(size_t size) {
    const BytesView taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  BytesView rest_;
};

// A copy at the very end of its heap block, so that AddressSanitizer sees a read past a piece.
class ExactCopy {
 public:
  explicit ExactCopy(BytesView bytes)
      : size_(bytes.size()), memory_(std::make_unique<uint8_t[]>(bytes.size())) {
    std::ranges::copy(bytes, memory_.get());
  }
  BytesView view() const { return {memory_.get(), size_}; }
  MutableBytes bytes() { return {memory_.get(), size_}; }

 private:
  size_t size_;
  std::unique_ptr<uint8_t[]> memory_;
};

}  // namespace confab::fuzz
