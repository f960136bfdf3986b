#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace confab {

// Where unpredictable bytes come from. The real one is SecureRandom; the simulator gives a seeded
// one, so that a run repeats bit for bit. Not thread-safe unless the implementation says so.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void Fill(MutableBytes bytes) = 0;

  uint32_t U32() {
    std::array<uint8_t, 4> bytes;
    Fill(bytes);
    return LoadU32(bytes.data());
  }
  uint64_t U64() {
    std::array<uint8_t, 8> bytes;
    Fill(bytes);
    return LoadU64(bytes.data());
  }
};

// The operating system's generator through OpenSSL. Safe from every thread.
class SecureRandom final : public RandomSource {
 public:
  void Fill(MutableBytes bytes) override;
};

// xoshiro256** (Blackman and Vigna, 2018): fast and repeatable, for simulation and tests. Never for
// keys, ids or anything that a peer must not guess.
class Prng final : public RandomSource {
 public:
  explicit Prng(uint64_t seed);
  uint64_t Next();
  // Uniform in [0, 1).
  double Uniform();
  // Uniform in [0, bound); bound > 0.
  uint64_t Below(uint64_t bound);
  void Fill(MutableBytes bytes) override;

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace confab
