#pragma once

#include <cstdint>

#include "base/units.h"

namespace confab::sfu {

// Decides when a producer stream is asked for a keyframe. Many wishes become few requests: a
// browser makes at most one keyframe in 300 ms anyway, and a thousand newcomers in a second shall
// cost the sender no more than that. One per video stream; a value.
class KeyframeRequester {
 public:
  static constexpr TimeDelta kInterval = TimeDelta::Millis(300);
  // A request is repeated when no keyframe came within kInterval: PLI or keyframe may be lost.
  static constexpr int kMaxRepeats = 5;

  // Someone cannot decode without a keyframe. True: send a request now.
  bool Request(Timestamp now) {
    wanted_ = true;
    repeats_left_ = kMaxRepeats;
    return SendIfDue(now);
  }
  void OnKeyframe() { wanted_ = false; }
  // A request is out, and will be repeated.
  bool wanted() const { return wanted_; }

  Timestamp NextTimeout() const { return wanted_ ? last_sent_ + kInterval : Timestamp::Never(); }
  // True: send a request now.
  bool HandleTimeout(Timestamp now) {
    if (!wanted_ || now < NextTimeout()) return false;
    if (repeats_left_-- <= 0) {
      wanted_ = false;
      return false;
    }
    return SendIfDue(now);
  }

  uint64_t sent() const { return sent_; }

 private:
  bool SendIfDue(Timestamp now) {
    if (now < last_sent_ + kInterval) return false;
    last_sent_ = now;
    ++sent_;
    return true;
  }

  bool wanted_ = false;
  int repeats_left_ = 0;
  Timestamp last_sent_ = Timestamp::Past();
  uint64_t sent_ = 0;
};

}  // namespace confab::sfu
