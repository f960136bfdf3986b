#include "net/clock.h"

#include <time.h>

namespace confab::net {
namespace {

int64_t ReadMicros(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

}  // namespace

Timestamp MonotonicNow() {
  return Timestamp::Micros(ReadMicros(CLOCK_MONOTONIC));
}

int64_t UnixMicrosNow() {
  return ReadMicros(CLOCK_REALTIME);
}

int64_t UnixMillisNow() {
  return UnixMicrosNow() / 1000;
}

}  // namespace confab::net
