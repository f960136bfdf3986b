#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/units.h"
#include "sim/media/latency_histogram.h"

namespace confab::client {

// What one packet of a video stream says of its frame.
struct IncomingPart {
  bool starts = false;    // the frame's first packet
  bool ends = false;      // its last one: the marker
  bool keyframe = false;  // with `starts`
  std::optional<Timestamp> captured_at;
};

struct IncomingFrameCounters {
  uint64_t complete = 0;
  uint64_t decodable = 0;         // of those: everything they build on was there
  uint64_t incomplete = 0;        // a part of them came
  sim::LatencyHistogram latency;  // of complete ones, from the capture

  IncomingFrameCounters& operator+=(const IncomingFrameCounters& other);
};

// Puts one stream's packets in order and its frames together as a receiver before a decoder does,
// and says whether the picture can go on. Packets are told apart by their number alone: it has no
// hole where the sender or the server left something out on purpose.
class IncomingFrames {
 public:
  // What is missing for so long never comes: see rtc::NackRequester::kMaxAge.
  static constexpr TimeDelta kGiveUp = TimeDelta::Millis(2500);
  // Packets that wait behind a hole; at the limit it is passed at once.
  static constexpr size_t kMaxWaiting = 4096;

  // A packet that had not come before; `sequence` without wrap.
  void OnPart(Timestamp now, int64_t sequence, const IncomingPart& part);
  // Gives up what is too old. To be called at NextTimeout or later.
  void HandleTimeout(Timestamp now);
  Timestamp NextTimeout() const {
    return waiting_.empty() ? Timestamp::Never() : waiting_.begin()->second.at + kGiveUp;
  }
  // Something is missing for good: the picture stands until a keyframe comes.
  void Break();
  bool needs_keyframe() const { return needs_keyframe_; }
  const IncomingFrameCounters& counters() const { return counters_; }

 private:
  struct Waiting {
    IncomingPart part;
    Timestamp at;
  };
  void TakeInOrder(Timestamp now);
  void PassHole();
  void Take(Timestamp now, const IncomingPart& part);
  void Begin(const IncomingPart& part);
  void End(Timestamp now, const IncomingPart& part);

  std::map<int64_t, Waiting> waiting_;  // behind a hole
  int64_t next_ = 0;
  bool started_ = false;
  // The frame whose packets come now.
  bool in_frame_ = false;
  bool whole_ = false;
  bool keyframe_ = false;
  bool decodable_ = false;  // the picture goes on with the next whole frame
  bool needs_keyframe_ = false;
  IncomingFrameCounters counters_;
};

}  // namespace confab::client
