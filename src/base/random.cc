#include "base/random.h"

#include <openssl/rand.h>

#include <bit>
#include <climits>

#include "base/check.h"

namespace confab {

void SecureRandom::Fill(MutableBytes bytes) {
  CHECK(bytes.size() <= INT_MAX);
  CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
}

// The seed is spread by splitmix64, as the authors of xoshiro advise.
Prng::Prng(uint64_t seed) {
  for (uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    word = z ^ (z >> 31);
  }
}

uint64_t Prng::Next() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Prng::Uniform() {
  return static_cast<double>(Next() >> 11) * 0x1.0p-53;
}

uint64_t Prng::Below(uint64_t bound) {
  DCHECK(bound > 0);
  // Rejection keeps it uniform; the loop ends after two rounds on average at worst.
  const uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const uint64_t value = Next();
    if (value >= threshold) return value % bound;
  }
}

void Prng::Fill(MutableBytes bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    std::array<uint8_t, 8> word;
    StoreU64(word.data(), Next());
    for (size_t i = 0; i < word.size() && at < bytes.size(); ++i) bytes[at++] = word[i];
  }
}

}  // namespace confab
