#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/units.h"

namespace confab::rtc {

// A component's deadlines as data: one enum, one array. `Reason` is an enum class whose enumerators
// count from 0 and end with kCount. The next deadline is the minimum.
template <typename Reason>
class TimerTable {
 public:
  static constexpr size_t kSize = static_cast<size_t>(Reason::kCount);

  TimerTable() { deadlines_.fill(Timestamp::Never()); }

  void Set(Reason reason, Timestamp at) { deadlines_[Index(reason)] = at; }
  // Sets it only if that is earlier than what is set.
  void SetEarlier(Reason reason, Timestamp at) {
    deadlines_[Index(reason)] = std::min(deadlines_[Index(reason)], at);
  }
  void Cancel(Reason reason) { Set(reason, Timestamp::Never()); }
  Timestamp deadline(Reason reason) const { return deadlines_[Index(reason)]; }
  // True once per expiry: a timer that has expired is cancelled.
  bool Expire(Reason reason, Timestamp now) {
    if (deadline(reason) > now) return false;
    Cancel(reason);
    return true;
  }

  Timestamp next() const { return *std::ranges::min_element(deadlines_); }

 private:
  static constexpr size_t Index(Reason reason) { return static_cast<size_t>(reason); }
  std::array<Timestamp, kSize> deadlines_;
};

}  // namespace confab::rtc
