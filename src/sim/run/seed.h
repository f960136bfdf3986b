#pragma once

#include <cstdint>

#include "base/random.h"

namespace confab::sim {

// What a run draws random numbers for. Each purpose has a generator of its own, so that one more
// number drawn in one place changes nothing elsewhere. Add at the end: the order is part of what a
// seed means.
enum class Purpose : uint8_t { kScenario, kServer, kServerDtls, kPeer, kPeerDtls, kLink, kMedia };

// The generator for the `index`-th of its kind in the run of this seed.
inline Prng RandomFor(uint64_t seed, Purpose purpose, uint64_t index = 0) {
  Prng spread(seed ^ (uint64_t{static_cast<uint8_t>(purpose)} + 1) << 56);
  const uint64_t first = spread.Next();
  return Prng(first + index * 0x9e3779b97f4a7c15);
}

}  // namespace confab::sim
