#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/units.h"
#include "sfu/audio/speech_activity.h"

namespace confab::sfu {

// The router's index of an audio producer.
using ProducerKey = uint32_t;

struct ActiveSpeaker {
  ProducerKey producer = 0;
  int level_dbov = -127;  // smoothed, -127 to 0
  bool operator==(const ActiveSpeaker&) const = default;
};

// Who speaks in a room, and who has the floor. One per router, on its thread.
//
// The dominant speaker follows the idea of Volfin and Cohen, "Dominant Speaker Identification for
// Multipoint Videoconferencing" (2012): evidence on several time scales, and a decision by
// comparison with the current speaker. Instead of their likelihoods there are plain rules, so that
// the bounds can be stated:
// - someone must speak (SpeechActivity, 200 ms) to take the floor: short noises never do;
// - the floor is free when its holder has been silent for kYield, so a new speaker has it within
//   300 ms of beginning, and two who speak at once do not swap it in the pauses between words;
// - who is clearly louder than the holder (kClearlyLouderDb) for kOutspeak takes it in any case:
//   a noisy microphone does not hold it for ever;
// - in silence the last speaker keeps it.
class AudioLevelObserver {
 public:
  static constexpr size_t kMaxProducers = 128;
  static constexpr TimeDelta kEvaluationInterval = TimeDelta::Millis(40);
  static constexpr TimeDelta kReportInterval = TimeDelta::Millis(200);
  static constexpr TimeDelta kYield = TimeDelta::Millis(180);
  static constexpr TimeDelta kOutspeak = TimeDelta::Seconds(1);
  static constexpr float kClearlyLouderDb = 15;
  static constexpr int kLevelStepDb = 6;

  // False at kMaxProducers: this one's packets are ignored. Adding what is there changes nothing.
  bool Add(ProducerKey producer);
  bool is_full() const { return entries_.size() == kMaxProducers; }
  // When a producer is closed or paused. Removing what is not there changes nothing.
  void Remove(ProducerKey producer);

  // For each packet with a level, 0 (loudest) to 127 (silence) as in RFC 6464. `now` never runs
  // backwards. Allocates nothing.
  void OnPacket(ProducerKey producer, uint8_t level, Timestamp now,
                TimeDelta duration = kUsualPacketDuration);

  // When Evaluate is due: never, while everything is silent and reported.
  Timestamp NextTimeout() const;
  // Brings speakers() and dominant_speaker() up to date. True where a report is due: someone began
  // or ended, the floor went to someone else, or a speaker's level moved by kLevelStepDb since the
  // last report. At most once in kReportInterval; what changed meanwhile is reported then.
  bool Evaluate(Timestamp now);

  // Loudest first, as of the last Evaluate. Valid until the next non-const call.
  std::span<const ActiveSpeaker> speakers() const { return speakers_; }
  std::optional<ProducerKey> dominant_speaker() const { return dominant_; }

 private:
  struct Entry {
    ProducerKey producer;
    SpeechActivity activity;
  };

  Entry* Find(ProducerKey producer);
  void ListSpeakers();
  void ChooseDominant(Timestamp now);
  // The loudest of speakers() other than the holder of the floor, or null.
  const ActiveSpeaker* Challenger() const;
  bool HasYielded(const SpeechActivity& holder, Timestamp now) const;
  bool IsOutspoken(const SpeechActivity& holder, const ActiveSpeaker& challenger, Timestamp now);
  bool DiffersFromReport() const;

  std::vector<Entry> entries_;  // ordered by producer
  std::vector<ActiveSpeaker> speakers_;
  std::optional<ProducerKey> dominant_;

  std::optional<ProducerKey> outspeaker_;  // clearly louder than the holder …
  Timestamp outspeaking_since_;            // … since then

  std::vector<ActiveSpeaker> reported_speakers_;
  std::optional<ProducerKey> reported_dominant_;
  Timestamp last_report_ = Timestamp::Past();
  Timestamp last_evaluation_ = Timestamp::Past();
};

}  // namespace confab::sfu
