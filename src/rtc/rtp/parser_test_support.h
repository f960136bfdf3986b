#pragma once

// For tests only.

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace confab::rtc {

using ByteVector = std::vector<uint8_t>;

// Bytes from hexadecimal text; anything but digits is skipped.
inline ByteVector Hex(std::string_view text) {
  ByteVector bytes;
  int high = -1;
  for (const char c : text) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  return bytes;
}

inline ByteVector Concat(std::initializer_list<BytesView> pieces) {
  ByteVector all;
  for (const BytesView piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

// A copy at the very end of its heap block, so that AddressSanitizer sees a read past it.
class ExactCopy {
 public:
  explicit ExactCopy(BytesView bytes)
      : size_(bytes.size()), memory_(std::make_unique<uint8_t[]>(bytes.size())) {
    std::copy(bytes.begin(), bytes.end(), memory_.get());
  }
  BytesView view() const { return {memory_.get(), size_}; }
  MutableBytes bytes() { return {memory_.get(), size_}; }

 private:
  size_t size_;
  std::unique_ptr<uint8_t[]> memory_;
};

// Calls fn(BytesView) with every beginning of `bytes`, from nothing to the whole.
template <typename Fn>
void ForEachTruncation(BytesView bytes, Fn&& fn) {
  for (size_t size = 0; size <= bytes.size(); ++size) fn(ExactCopy(bytes.first(size)).view());
}

// Calls fn(BytesView) with `count` random inputs of 0..max_size octets, and with as many copies of
// `seed_input` in which a few octets are changed.
template <typename Fn>
void ForEachRandomInput(uint64_t seed, int count, size_t max_size, BytesView seed_input, Fn&& fn) {
  Prng random(seed);
  for (int i = 0; i < count; ++i) {
    ByteVector noise(random.Below(max_size + 1));
    random.Fill(noise);
    fn(ExactCopy(noise).view());
    if (seed_input.empty()) continue;
    ExactCopy changed(seed_input.first(1 + random.Below(seed_input.size())));
    for (uint64_t flips = random.Below(4) + 1; flips > 0; --flips) {
      changed.bytes()[random.Below(changed.view().size())] = static_cast<uint8_t>(random.Next());
    }
    fn(changed.view());
  }
}

}  // namespace confab::rtc
