#include "sim/media/received_frames.h"

#include <algorithm>
#include <iterator>

namespace confab::sim {

FrameCounters& FrameCounters::operator+=(const FrameCounters& other) {
  complete += other.complete;
  in_time += other.in_time;
  late += other.late;
  lost += other.lost;
  catch_up += other.catch_up;
  latency += other.latency;
  recovery += other.recovery;
  return *this;
}

void ReceivedFrames::OnPart(Timestamp now, int64_t sequence, const FramePart& part) {
  const int64_t first = sequence - part.part;
  if (!started_) {
    started_ = true;
    next_sequence_ = first;
    last_number_ = part.frame - 1;
    newest_ = sequence - 1;
  }
  if (first < next_sequence_) return;  // shown or given up
  Frame& frame = frames_
                     .try_emplace(first, Frame{.number = part.frame,
                                               .parts = part.parts,
                                               .keyframe = part.keyframe,
                                               .sent_at = part.sent_at,
                                               .first_at = now})
                     .first->second;
  ++frame.came;
  if (sequence < newest_) frame.out_of_order = true;
  newest_ = std::max(newest_, sequence);
  if (!frame.whole()) return;
  Complete(now, frame);
  Show(now);
}

void ReceivedFrames::Complete(Timestamp now, const Frame& frame) {
  if (!IsMeasured(frame)) {
    ++counters_.catch_up;
    return;
  }
  ++counters_.complete;
  const TimeDelta latency = now - frame.sent_at;
  ++(latency <= deadline_ ? counters_.in_time : counters_.late);
  counters_.latency.Add(latency);
  if (frame.out_of_order) counters_.recovery.Add(now - frame.first_at);
}

// A pause cuts a frame off, and the next one begins where its rest would have been.
void ReceivedFrames::DropCutOff() {
  while (frames_.size() > 1) {
    const auto first = frames_.begin();
    const auto second = std::next(first);
    if (first->first + first->second.parts <= second->first) return;
    if (first->first == next_sequence_) next_sequence_ = second->first;
    last_number_ = second->second.number - 1;
    frames_.erase(first);
  }
}

// Shows what is whole and next in order.
void ReceivedFrames::Show(Timestamp now) {
  DropCutOff();
  while (!frames_.empty()) {
    const auto& [first, frame] = *frames_.begin();
    if (first != next_sequence_ || !frame.whole()) return;
    if (frame.keyframe) broken_ = false;
    if (!broken_) {
      ++shown_;
      last_shown_at_ = now;
    }
    next_sequence_ = first + frame.parts;
    last_number_ = frame.number;
    frames_.erase(frames_.begin());
  }
}

void ReceivedFrames::HandleTimeout(Timestamp now) {
  while (now >= NextTimeout()) {
    if (frames_.begin()->first != next_sequence_) PassHole(frames_.begin()->second);
    if (!frames_.begin()->second.whole()) GiveUpFirst();
    Show(now);
  }
}

// Whole frames are missing before this one: as many as its number says, and at least one.
void ReceivedFrames::PassHole(const Frame& next) {
  if (IsMeasured(next)) counters_.lost += std::max<uint32_t>(1, next.number - last_number_ - 1);
  broken_ = true;
  next_sequence_ = frames_.begin()->first;
  last_number_ = next.number - 1;
}

void ReceivedFrames::GiveUpFirst() {
  const auto& [first, frame] = *frames_.begin();
  if (IsMeasured(frame)) ++counters_.lost;
  broken_ = true;
  next_sequence_ = first + frame.parts;
  last_number_ = frame.number;
  frames_.erase(frames_.begin());
}

}  // namespace confab::sim
