#include "client/media/video_source.h"

#include <utility>

namespace confab::client {

VideoSource::VideoSource(std::shared_ptr<const EncodedClip> clip, size_t start)
    : clip_(std::move(clip)), next_(start % clip_->frames.size()) {}

const EncodedFrame& VideoSource::Next(Timestamp now) {
  if (wanted_ && now - last_keyframe_ >= kKeyframeInterval) SkipToKeyframe();
  const EncodedFrame& frame = clip_->frames[next_];
  next_ = (next_ + 1) % clip_->frames.size();
  if (frame.keyframe) {
    wanted_ = false;
    last_keyframe_ = now;
    ++keyframes_;
  }
  return frame;
}

// Ends: a clip's first frame is a keyframe.
void VideoSource::SkipToKeyframe() {
  while (!clip_->frames[next_].keyframe) next_ = (next_ + 1) % clip_->frames.size();
}

}  // namespace confab::client
