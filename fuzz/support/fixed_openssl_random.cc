#include "fuzz/support/fixed_openssl_random.h"

// RAND_set_rand_method is marked as deprecated, and is the one way that needs no provider.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>

#include "base/check.h"

namespace confab::fuzz {
namespace {

Prng& Shared() {
  static Prng shared(0);
  return shared;
}
Prng* current = nullptr;

int Fill(unsigned char* bytes, int size) {
  (current != nullptr ? *current : Shared()).Fill({bytes, static_cast<size_t>(size)});
  return 1;
}
int Ready() {
  return 1;
}

void Install() {
  static const RAND_METHOD method = {.seed = nullptr,
                                     .bytes = Fill,
                                     .cleanup = nullptr,
                                     .add = nullptr,
                                     .pseudorand = Fill,
                                     .status = Ready};
  static const bool installed = RAND_set_rand_method(&method) == 1;
  CHECK(installed);
}

}  // namespace

FixedOpensslRandom::FixedOpensslRandom(uint64_t seed) : prng_(seed) {
  Install();
  Use();
}

FixedOpensslRandom::~FixedOpensslRandom() {
  current = nullptr;
}

void FixedOpensslRandom::Use() {
  current = &prng_;
}

}  // namespace confab::fuzz
