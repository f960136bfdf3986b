#pragma once

#include <cstdint>

#include "base/random.h"

namespace confab::fuzz {

// A repeatable stream in the place of OpenSSL's own randomness, so that an input does the same each
// time and a recorded handshake can be played back. From the first one made OpenSSL draws from
// fixed streams alone, for the life of the process; one thread.
class FixedOpensslRandom {
 public:
  // In use from here on.
  explicit FixedOpensslRandom(uint64_t seed);
  // OpenSSL goes back to a stream that all share.
  ~FixedOpensslRandom();
  FixedOpensslRandom(const FixedOpensslRandom&) = delete;
  FixedOpensslRandom& operator=(const FixedOpensslRandom&) = delete;

  // OpenSSL draws from this one.
  void Use();

 private:
  Prng prng_;
};

}  // namespace confab::fuzz
