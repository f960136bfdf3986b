#include "sfu/audio/speech_activity.h"

#include <algorithm>

namespace confab::sfu {
namespace {

constexpr float kSilenceDbov = -127;

// Below this nothing is speech, however quiet the room is.
constexpr float kQuietestSpeechDbov = -60;
constexpr float kSpeechAboveNoiseDb = 10;
constexpr float kLowestFloorDbov = -80;
// Above this nothing is noise: music and a running engine stay "speech".
constexpr float kHighestFloorDbov = -50;
constexpr float kFloorRiseDbPerSecond = 5;
constexpr float kFloorFallPerPacket = 0.25F;  // of the distance

constexpr float kSmoothingSeconds = 0.2F;

// Packets may come this late before their absence counts as silence.
constexpr TimeDelta kJitterAllowance = TimeDelta::Millis(120);
constexpr int64_t kLeakDivisor = 2;

}  // namespace

float NoiseFloor::threshold_dbov() const {
  return std::max(kQuietestSpeechDbov, floor_dbov_ + kSpeechAboveNoiseDb);
}

void NoiseFloor::Update(float level_dbov, TimeDelta duration) {
  if (level_dbov < floor_dbov_) {
    floor_dbov_ += (level_dbov - floor_dbov_) * kFloorFallPerPacket;
  } else {
    const float rise = kFloorRiseDbPerSecond * static_cast<float>(duration.seconds());
    floor_dbov_ = std::min(level_dbov, floor_dbov_ + rise);
  }
  floor_dbov_ = std::clamp(floor_dbov_, kLowestFloorDbov, kHighestFloorDbov);
}

void SpeechActivity::OnPacket(uint8_t level, Timestamp now, TimeDelta duration) {
  Advance(now);
  const float level_dbov = std::max(kSilenceDbov, -static_cast<float>(level));
  if (level_dbov > noise_.threshold_dbov()) {
    Gather(duration);
    last_active_ = now;
  } else {
    Leak(duration);
  }
  noise_.Update(level_dbov, duration);
  Smooth(level_dbov, duration);
  idle_since_ = now + kJitterAllowance;
}

void SpeechActivity::Advance(Timestamp now) {
  if (now <= idle_since_) return;
  const TimeDelta idle = now - idle_since_;
  Leak(idle);
  Smooth(kSilenceDbov, idle);
  idle_since_ = now;
}

void SpeechActivity::Gather(TimeDelta duration) {
  evidence_ = std::min(kMostEvidence, evidence_ + duration);
  if (evidence_ >= kStartEvidence) speaking_ = true;
}

void SpeechActivity::Leak(TimeDelta duration) {
  evidence_ = std::max(TimeDelta(), evidence_ - duration / kLeakDivisor);
  if (evidence_ == TimeDelta()) speaking_ = false;
}

void SpeechActivity::Smooth(float level_dbov, TimeDelta duration) {
  const auto seconds = static_cast<float>(duration.seconds());
  level_dbov_ += (level_dbov - level_dbov_) * seconds / (seconds + kSmoothingSeconds);
}

}  // namespace confab::sfu
