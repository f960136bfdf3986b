#pragma once

// CHECK: an invariant of the program itself, always on. Never reachable from the network: bad input
// is a result, not a broken invariant. DCHECK: the same, in debug builds only.

namespace confab {

// Prints the place and the condition to stderr and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition) noexcept;

}  // namespace confab

#define CHECK(condition) \
  ((condition) ? (void)0 : ::confab::CheckFailed(__FILE__, __LINE__, #condition))

#ifdef NDEBUG
#define DCHECK(condition) ((void)sizeof(!(condition)))
#else
#define DCHECK(condition) CHECK(condition)
#endif
