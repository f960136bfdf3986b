#pragma once

#include <pthread.h>
#include <sched.h>

#include <cstdint>
#include <ctime>

namespace confab::bench {

// Processor time of the calling thread, in nanoseconds.
inline int64_t ThreadCpuNanos() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// Binds the calling thread, and the threads that it starts later, to one processor. False where
// that processor may not be used.
inline bool PinThisThread(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<size_t>(processor), &set);
  return pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0;
}

}  // namespace confab::bench
