#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/units.h"

namespace confab::rtc {

// Which packets of one received stream are missing, and when to ask for them (generic NACK, RFC
// 4585 §6.2.1). A gap is asked for at once and again after each round trip, which it measures by
// its own answers; what does not come is given up. A value, one per received stream; sequence
// numbers are without wrap.
class NackRequester {
 public:
  // Packets that are missing at the same time; beyond, the oldest are given up.
  static constexpr size_t kMaxMissing = 512;
  static constexpr int kMaxAttempts = 10;
  // Senders keep packets about this long.
  static constexpr TimeDelta kMaxAge = TimeDelta::Seconds(2);
  // Until the first answer has been measured.
  static constexpr TimeDelta kInitialRoundTrip = TimeDelta::Millis(100);
  static constexpr TimeDelta kMinRetry = TimeDelta::Millis(10);
  static constexpr TimeDelta kMaxRetry = TimeDelta::Millis(500);

  enum class Arrival : uint8_t {
    kNext,     // newer than every other
    kMissing,  // it was missing
    kEarlier,  // older than the first packet of all: reordered at the start
    kKnown,    // came before, or was given up
  };

  // A packet came.
  Arrival OnPacket(Timestamp now, int64_t sequence);
  // The same as a retransmission: true if it was missing. What was not asked for changes nothing,
  // whatever number it claims.
  bool OnRepeated(Timestamp now, int64_t sequence) { return TakeMissing(now, sequence); }
  // The numbers to ask for now, ascending, in their 16 wire bits. Replaces what is in `out`.
  void TakeDue(Timestamp now, std::vector<uint16_t>& out);
  Timestamp NextTimeout() const { return next_timeout_; }
  // True once after something was given up: what depends on it cannot be decoded.
  bool TakeGaveUp() { return std::exchange(gave_up_, false); }

  size_t missing() const { return missing_.size(); }
  TimeDelta round_trip() const { return round_trip_; }
  uint64_t requested() const { return requested_; }  // numbers asked for, repeats included
  uint64_t recovered() const { return recovered_; }  // of those that were asked for

 private:
  struct Missing {
    int64_t sequence;
    Timestamp since;
    Timestamp asked_at;  // the last time, once attempts > 0
    int attempts = 0;
  };
  bool TakeMissing(Timestamp now, int64_t sequence);
  void AddMissing(Timestamp now, int64_t from, int64_t to);
  void Recover(Timestamp now, const Missing& missing);
  void MeasureRoundTrip(TimeDelta sample);
  TimeDelta RetryInterval() const;

  std::vector<Missing> missing_;  // ascending
  int64_t first_ = 0;
  int64_t newest_ = -1;
  bool started_ = false;
  bool gave_up_ = false;
  bool measured_ = false;
  TimeDelta round_trip_ = kInitialRoundTrip;  // smoothed as in RFC 6298 §2
  TimeDelta variation_;
  Timestamp next_timeout_ = Timestamp::Never();
  uint64_t requested_ = 0;
  uint64_t recovered_ = 0;
};

}  // namespace confab::rtc
