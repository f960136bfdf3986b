#pragma once

#include <cstdint>

#include "base/units.h"

namespace confab::sim {

// What a camera's encoder would make.
struct VideoOptions {
  TimeDelta frame_interval = TimeDelta::Micros(33'333);
  uint16_t packets_per_frame = 7;         // 1 or more
  uint16_t packets_per_keyframe = 14;     // 1 or more
  uint16_t payload_octets = 1000;         // of a packet; kMinFramePayload…1200
  TimeDelta keyframe_interval = TimeDelta::Seconds(30);  // besides those that are asked for

  // Without headers.
  DataRate rate() const {
    return DataRate::BitsPerSecond(int64_t{packets_per_frame} * payload_octets * 8 * 1'000'000 /
                                   frame_interval.us());
  }
};

// Decides which frame comes next. A keyframe that is asked for comes with the next frame, but at
// most one in kKeyframeSpacing, as browsers do it.
class SyntheticVideo {
 public:
  static constexpr TimeDelta kKeyframeSpacing = TimeDelta::Millis(300);

  explicit SyntheticVideo(const VideoOptions& options) : options_(options) {}

  struct Frame {
    uint32_t number;
    bool keyframe;
    uint16_t packets;
  };
  void RequestKeyframe() { wanted_ = true; }
  // The frame to send at `now`; the first one is a keyframe.
  Frame Next(Timestamp now) {
    const bool due = now - last_keyframe_ >= options_.keyframe_interval;
    const bool keyframe = due || (wanted_ && now - last_keyframe_ >= kKeyframeSpacing);
    if (keyframe) {
      wanted_ = false;
      last_keyframe_ = now;
    }
    return {next_++, keyframe,
            keyframe ? options_.packets_per_keyframe : options_.packets_per_frame};
  }
  const VideoOptions& options() const { return options_; }
  uint32_t frames() const { return next_; }

 private:
  VideoOptions options_;
  uint32_t next_ = 0;
  bool wanted_ = true;
  Timestamp last_keyframe_ = Timestamp::Past();
};

}  // namespace confab::sim
