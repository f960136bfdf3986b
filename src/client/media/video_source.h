#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/units.h"
#include "client/media/encoded_clip.h"

namespace confab::client {

// Plays a clip for one stream. A keyframe that is asked for is the clip's next one: the source
// jumps there, as an encoder would begin anew, and as a browser's encoder does so at most once in
// kKeyframeInterval.
class VideoSource {
 public:
  static constexpr TimeDelta kKeyframeInterval = TimeDelta::Millis(300);

  // `start`: the clip's frame at which to look for the first keyframe, so that those who share a
  // clip do not show the same.
  VideoSource(std::shared_ptr<const EncodedClip> clip, size_t start);

  void RequestKeyframe() { wanted_ = true; }
  // The frame to send at `now`; a reference into the clip. The first one is a keyframe.
  const EncodedFrame& Next(Timestamp now);
  TimeDelta frame_interval() const { return clip_->frame_interval; }
  uint64_t keyframes() const { return keyframes_; }

 private:
  void SkipToKeyframe();

  std::shared_ptr<const EncodedClip> clip_;
  size_t next_;
  bool wanted_ = true;
  Timestamp last_keyframe_ = Timestamp::Past();
  uint64_t keyframes_ = 0;
};

}  // namespace confab::client
