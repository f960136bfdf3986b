#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace confab::sim {

// A fingerprint of everything that a run put on the wire: two lanes of FNV-1a over 64-bit words
// instead of octets, with a rotation, so that high bits reach low ones. Tells two runs apart;
// protects nothing.
class Digest {
 public:
  void Add(uint64_t word) {
    lanes_[0] = Mix(lanes_[0], word);
    lanes_[1] = Mix(lanes_[1], word + kPrime);
  }
  // The bytes and how many they are.
  void Add(BytesView bytes) {
    Add(bytes.size());
    size_t at = 0;
    for (; at + 16 <= bytes.size(); at += 16) {
      lanes_[0] = Mix(lanes_[0], LoadU64(&bytes[at]));
      lanes_[1] = Mix(lanes_[1], LoadU64(&bytes[at + 8]));
    }
    for (; at < bytes.size(); ++at) Add(uint64_t{bytes[at]});
  }
  // 32 hexadecimal digits.
  std::string ToString() const;
  bool operator==(const Digest&) const = default;

 private:
  static constexpr uint64_t kPrime = 0x100000001b3;
  static uint64_t Mix(uint64_t lane, uint64_t word) {
    return std::rotl((lane ^ word) * kPrime, 29);
  }
  std::array<uint64_t, 2> lanes_{0xcbf29ce484222325, 0x84222325cbf29ce4};
};

}  // namespace confab::sim
