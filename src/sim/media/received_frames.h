#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/units.h"
#include "sim/media/frame_payload.h"
#include "sim/media/latency_histogram.h"

namespace confab::sim {

struct FrameCounters {
  uint64_t complete = 0;
  uint64_t in_time = 0;  // of those, within the deadline
  uint64_t late = 0;     // of those, after it
  uint64_t lost = 0;     // given up
  uint64_t catch_up = 0;  // complete, but sent before the measurement began: not in the others
  LatencyHistogram latency;   // of complete ones, from sending
  LatencyHistogram recovery;  // from the first packet that came to the last, where some came late

  FrameCounters& operator+=(const FrameCounters& other);
};

// The frames of one received stream: which are whole, how long they took, and whether the picture
// can go on. Frames are told apart by where they lie in the sequence, which has no hole where the
// sender or the server left something out on purpose. Knows nothing of packets' bytes or of how
// missing ones are asked for.
class ReceivedFrames {
 public:
  // A frame that is not whole after this time never will be: see rtc::NackRequester::kMaxAge.
  static constexpr TimeDelta kGiveUp = TimeDelta::Millis(2500);

  // Frames sent from here on are measured: what comes from the server's cache is older.
  void MeasureFrom(Timestamp at) { measure_from_ = at; }
  // How long after sending a frame counts as in time.
  void set_deadline(TimeDelta deadline) { deadline_ = deadline; }

  // A packet that had not come before; `sequence` without wrap.
  void OnPart(Timestamp now, int64_t sequence, const FramePart& part);
  // Gives up what is too old. To be called at NextTimeout or later.
  void HandleTimeout(Timestamp now);
  Timestamp NextTimeout() const {
    return frames_.empty() ? Timestamp::Never() : frames_.begin()->second.first_at + kGiveUp;
  }
  // The picture stands until a keyframe comes.
  bool needs_keyframe() const { return broken_; }
  void Break() { broken_ = true; }

  const FrameCounters& counters() const { return counters_; }
  // Frames that could be shown: whole, and so was everything they build on.
  uint64_t shown() const { return shown_; }
  Timestamp last_shown_at() const { return last_shown_at_; }
  size_t waiting() const { return frames_.size(); }

 private:
  struct Frame {
    uint32_t number;
    uint16_t parts;
    bool keyframe;
    Timestamp sent_at;
    Timestamp first_at;
    uint16_t came = 0;
    bool out_of_order = false;
    bool whole() const { return came == parts; }
  };
  bool IsMeasured(const Frame& frame) const { return frame.sent_at >= measure_from_; }
  void Complete(Timestamp now, const Frame& frame);
  void Show(Timestamp now);
  void DropCutOff();
  void PassHole(const Frame& next);
  void GiveUpFirst();

  std::map<int64_t, Frame> frames_;  // by the number of the first packet; what is not shown yet
  int64_t next_sequence_ = 0;        // where the next frame in order begins
  uint32_t last_number_ = 0;
  bool started_ = false;
  bool broken_ = false;
  int64_t newest_ = -1;
  Timestamp measure_from_ = Timestamp::Past();
  TimeDelta deadline_ = TimeDelta::Infinite();
  uint64_t shown_ = 0;
  Timestamp last_shown_at_ = Timestamp::Past();
  FrameCounters counters_;
};

}  // namespace confab::sim
