#include "client/media/incoming_frames.h"

namespace confab::client {

IncomingFrameCounters& IncomingFrameCounters::operator+=(const IncomingFrameCounters& other) {
  complete += other.complete;
  decodable += other.decodable;
  incomplete += other.incomplete;
  latency += other.latency;
  return *this;
}

void IncomingFrames::OnPart(Timestamp now, int64_t sequence, const IncomingPart& part) {
  if (!started_) {
    started_ = true;
    next_ = sequence;
  }
  if (sequence < next_) return;  // after it was given up, or before the first one
  waiting_.try_emplace(sequence, Waiting{.part = part, .at = now});
  TakeInOrder(now);
  while (waiting_.size() > kMaxWaiting) {
    PassHole();
    TakeInOrder(now);
  }
}

void IncomingFrames::HandleTimeout(Timestamp now) {
  while (now >= NextTimeout()) {
    PassHole();
    TakeInOrder(now);
  }
}

void IncomingFrames::TakeInOrder(Timestamp now) {
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    Take(now, waiting_.begin()->second.part);
    waiting_.erase(waiting_.begin());
    ++next_;
  }
}

// Frames that lie in the hole as a whole are not counted: nothing tells how many they were.
void IncomingFrames::PassHole() {
  next_ = waiting_.begin()->first;
  whole_ = false;
  Break();
}

void IncomingFrames::Break() {
  decodable_ = false;
  needs_keyframe_ = true;
}

void IncomingFrames::Take(Timestamp now, const IncomingPart& part) {
  if (part.starts || !in_frame_) Begin(part);
  if (part.ends) End(now, part);
}

void IncomingFrames::Begin(const IncomingPart& part) {
  if (in_frame_) {  // its end is missing
    ++counters_.incomplete;
    Break();
  }
  in_frame_ = true;
  whole_ = part.starts;
  keyframe_ = part.starts && part.keyframe;
}

void IncomingFrames::End(Timestamp now, const IncomingPart& part) {
  in_frame_ = false;
  if (!whole_) {
    ++counters_.incomplete;
    return Break();
  }
  ++counters_.complete;
  if (part.captured_at) counters_.latency.Add(now - *part.captured_at);
  if (keyframe_) {
    decodable_ = true;
    needs_keyframe_ = false;
  }
  if (decodable_) {
    ++counters_.decodable;
  } else {
    needs_keyframe_ = true;
  }
}

}  // namespace confab::client
