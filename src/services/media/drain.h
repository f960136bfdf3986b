#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/units.h"

namespace confab::media {

// Whether this instance takes new routers, and until when those that are there may go on.
// Thread-safe: any thread starts and stops it, workers look.
class Drain {
 public:
  // Timestamp::Never(): those that are there may go on for as long as they like.
  void Start(Timestamp deadline) {
    deadline_us_ = deadline.us();
    is_on_ = true;
  }
  void Stop() {
    is_on_ = false;
    deadline_us_ = Timestamp::Never().us();
  }

  bool is_on() const { return is_on_; }
  bool IsOver(Timestamp now) const { return is_on_ && Timestamp::Micros(deadline_us_) <= now; }
  // Until the deadline; 0 where there is none, or it has passed.
  TimeDelta Left(Timestamp now) const {
    const Timestamp deadline = Timestamp::Micros(deadline_us_);
    if (!is_on_ || deadline.is_never()) return {};
    return std::max(deadline - now, TimeDelta());
  }

 private:
  std::atomic<bool> is_on_ = false;
  std::atomic<int64_t> deadline_us_ = Timestamp::Never().us();
};

}  // namespace confab::media
