#pragma once

#include <cstdint>

#include "base/units.h"

namespace confab::sfu {

// What one Opus packet holds unless a sender was told otherwise.
inline constexpr TimeDelta kUsualPacketDuration = TimeDelta::Millis(20);

// How loud a stream is while nobody speaks, so that a fan is not taken for speech: follows falling
// levels within a few packets and rising ones over seconds. A value; levels in dBov, -127 to 0.
class NoiseFloor {
 public:
  // Above this a packet is speech.
  float threshold_dbov() const;
  void Update(float level_dbov, TimeDelta duration);

 private:
  float floor_dbov_ = -80;
};

// Whether one stream is somebody speaking, from the levels of its packets (RFC 6464).
//
// Evidence is counted in time: it grows by the duration of each packet above the noise, and shrinks
// half as fast through silence and while no packets come. Speech begins when kStartEvidence has
// gathered and ends when all of it is gone. So a noise shorter than 150 ms, which reaches into nine
// packets at most, is never speech, steady speech is recognised after 200 ms, and pauses between
// words end nothing.
class SpeechActivity {
 public:
  static constexpr TimeDelta kStartEvidence = TimeDelta::Millis(200);
  static constexpr TimeDelta kMostEvidence = TimeDelta::Millis(400);

  // `level` as in RFC 6464 §3: 0 is the loudest, 127 silence. `now` never runs backwards.
  void OnPacket(uint8_t level, Timestamp now, TimeDelta duration);
  // Accounts for the time in which no packet came: senders with DTX are silent by sending nothing.
  void Advance(Timestamp now);

  bool speaking() const { return speaking_; }
  // Speaking, or on the way to it: Advance can still change something.
  bool unsettled() const { return evidence_ > TimeDelta(); }
  // Smoothed over about 200 ms.
  float level_dbov() const { return level_dbov_; }
  // When the last packet above the noise came.
  Timestamp last_active() const { return last_active_; }

 private:
  void Gather(TimeDelta duration);
  void Leak(TimeDelta duration);
  void Smooth(float level_dbov, TimeDelta duration);

  NoiseFloor noise_;
  TimeDelta evidence_;
  float level_dbov_ = -127;
  Timestamp last_active_ = Timestamp::Past();
  Timestamp idle_since_ = Timestamp::Never();  // silence is accounted for up to here
  bool speaking_ = false;
};

}  // namespace confab::sfu
