#include "sfu/audio/audio_level_observer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace confab::sfu {
namespace {

bool LouderFirst(const ActiveSpeaker& a, const ActiveSpeaker& b) {
  if (a.level_dbov != b.level_dbov) return a.level_dbov > b.level_dbov;
  return a.producer < b.producer;
}

const ActiveSpeaker* FindSpeaker(const std::vector<ActiveSpeaker>& speakers, ProducerKey producer) {
  const auto found = std::ranges::find(speakers, producer, &ActiveSpeaker::producer);
  return found == speakers.end() ? nullptr : &*found;
}

}  // namespace

bool AudioLevelObserver::Add(ProducerKey producer) {
  const auto place = std::ranges::lower_bound(entries_, producer, {}, &Entry::producer);
  if (place != entries_.end() && place->producer == producer) return true;
  if (is_full()) return false;
  entries_.insert(place, {producer, {}});
  return true;
}

void AudioLevelObserver::Remove(ProducerKey producer) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.producer == producer; });
  std::erase_if(speakers_, [&](const auto& speaker) { return speaker.producer == producer; });
  if (dominant_ == producer) dominant_.reset();
  if (outspeaker_ == producer) outspeaker_.reset();
}

void AudioLevelObserver::OnPacket(ProducerKey producer, uint8_t level, Timestamp now,
                                  TimeDelta duration) {
  Entry* entry = Find(producer);
  if (entry == nullptr) return;
  entry->activity.OnPacket(level, now, duration);
}

Timestamp AudioLevelObserver::NextTimeout() const {
  const bool unsettled =
      std::ranges::any_of(entries_, [](const Entry& entry) { return entry.activity.unsettled(); });
  // Who is on the list may have fallen silent since the last evaluation.
  if (unsettled || !speakers_.empty()) return last_evaluation_ + kEvaluationInterval;
  if (DiffersFromReport()) {
    return std::max(last_evaluation_ + kEvaluationInterval, last_report_ + kReportInterval);
  }
  return Timestamp::Never();
}

bool AudioLevelObserver::Evaluate(Timestamp now) {
  last_evaluation_ = now;
  for (Entry& entry : entries_) entry.activity.Advance(now);
  ListSpeakers();
  ChooseDominant(now);
  if (now - last_report_ < kReportInterval || !DiffersFromReport()) return false;
  last_report_ = now;
  reported_speakers_ = speakers_;
  reported_dominant_ = dominant_;
  return true;
}

AudioLevelObserver::Entry* AudioLevelObserver::Find(ProducerKey producer) {
  const auto place = std::ranges::lower_bound(entries_, producer, {}, &Entry::producer);
  return place != entries_.end() && place->producer == producer ? &*place : nullptr;
}

void AudioLevelObserver::ListSpeakers() {
  speakers_.clear();
  for (const Entry& entry : entries_) {
    if (!entry.activity.speaking()) continue;
    speakers_.push_back(
        {entry.producer, static_cast<int>(std::lround(entry.activity.level_dbov()))});
  }
  std::ranges::sort(speakers_, LouderFirst);
}

void AudioLevelObserver::ChooseDominant(Timestamp now) {
  const ActiveSpeaker* challenger = Challenger();
  const Entry* holder = dominant_ ? Find(*dominant_) : nullptr;
  if (challenger == nullptr) {
    outspeaker_.reset();
    return;
  }
  if (holder == nullptr || HasYielded(holder->activity, now) ||
      IsOutspoken(holder->activity, *challenger, now)) {
    dominant_ = challenger->producer;
    outspeaker_.reset();
  }
}

const ActiveSpeaker* AudioLevelObserver::Challenger() const {
  const auto found = std::ranges::find_if(
      speakers_, [&](const ActiveSpeaker& speaker) { return speaker.producer != dominant_; });
  return found == speakers_.end() ? nullptr : &*found;
}

bool AudioLevelObserver::HasYielded(const SpeechActivity& holder, Timestamp now) const {
  return now - holder.last_active() >= kYield;
}

bool AudioLevelObserver::IsOutspoken(const SpeechActivity& holder, const ActiveSpeaker& challenger,
                                     Timestamp now) {
  if (static_cast<float>(challenger.level_dbov) < holder.level_dbov() + kClearlyLouderDb) {
    outspeaker_.reset();
    return false;
  }
  if (outspeaker_ != challenger.producer) {
    outspeaker_ = challenger.producer;
    outspeaking_since_ = now;
  }
  return now - outspeaking_since_ >= kOutspeak;
}

bool AudioLevelObserver::DiffersFromReport() const {
  if (dominant_ != reported_dominant_ || speakers_.size() != reported_speakers_.size()) return true;
  return std::ranges::any_of(speakers_, [&](const ActiveSpeaker& speaker) {
    const ActiveSpeaker* reported = FindSpeaker(reported_speakers_, speaker.producer);
    return reported == nullptr ||
           std::abs(speaker.level_dbov - reported->level_dbov) >= kLevelStepDb;
  });
}

}  // namespace confab::sfu
