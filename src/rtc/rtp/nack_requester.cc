#include "rtc/rtp/nack_requester.h"

#include <algorithm>

namespace confab::rtc {

NackRequester::Arrival NackRequester::OnPacket(Timestamp now, int64_t sequence) {
  if (!started_) {
    started_ = true;
    first_ = newest_ = sequence;
    return Arrival::kNext;
  }
  if (sequence > newest_) {
    if (sequence > newest_ + 1) AddMissing(now, newest_ + 1, sequence);
    newest_ = sequence;
    return Arrival::kNext;
  }
  if (TakeMissing(now, sequence)) return Arrival::kMissing;
  return sequence < first_ ? Arrival::kEarlier : Arrival::kKnown;
}

bool NackRequester::TakeMissing(Timestamp now, int64_t sequence) {
  const auto found = std::ranges::lower_bound(missing_, sequence, {}, &Missing::sequence);
  if (found == missing_.end() || found->sequence != sequence) return false;
  Recover(now, *found);
  missing_.erase(found);
  return true;
}

// Of a gap that is wider than what can be asked for, the newest part counts.
void NackRequester::AddMissing(Timestamp now, int64_t from, int64_t to) {
  constexpr auto kMost = static_cast<int64_t>(kMaxMissing);
  const int64_t kept = std::max(from, to - kMost);
  const auto room = static_cast<ptrdiff_t>(kMost - (to - kept));
  const auto excess = static_cast<ptrdiff_t>(missing_.size()) - room;
  if (kept > from || excess > 0) gave_up_ = true;
  if (excess > 0) missing_.erase(missing_.begin(), missing_.begin() + excess);
  for (int64_t sequence = kept; sequence < to; ++sequence) {
    missing_.push_back({.sequence = sequence, .since = now});
  }
  next_timeout_ = now;
}

void NackRequester::Recover(Timestamp now, const Missing& missing) {
  if (missing.attempts == 0) return;  // merely late
  ++recovered_;
  // Of several requests nobody knows which was answered (Karn).
  if (missing.attempts == 1) MeasureRoundTrip(now - missing.asked_at);
}

void NackRequester::TakeDue(Timestamp now, std::vector<uint16_t>& out) {
  out.clear();
  if (now < next_timeout_) return;
  const TimeDelta retry = RetryInterval();
  next_timeout_ = Timestamp::Never();
  const auto gone = [&](Missing& missing) {
    if (missing.attempts == 0 || missing.asked_at + retry <= now) {
      if (missing.attempts == kMaxAttempts || now - missing.since > kMaxAge) return true;
      ++missing.attempts;
      missing.asked_at = now;
      out.push_back(static_cast<uint16_t>(missing.sequence));
    }
    next_timeout_ = std::min(next_timeout_, missing.asked_at + retry);
    return false;
  };
  gave_up_ = std::erase_if(missing_, gone) > 0 || gave_up_;
  requested_ += out.size();
}

void NackRequester::MeasureRoundTrip(TimeDelta sample) {
  if (!std::exchange(measured_, true)) {
    round_trip_ = sample;
    variation_ = sample / 2;
    return;
  }
  const TimeDelta error = std::max(sample, round_trip_) - std::min(sample, round_trip_);
  variation_ = (variation_ * 3 + error) / 4;
  round_trip_ = (round_trip_ * 7 + sample) / 8;
}

TimeDelta NackRequester::RetryInterval() const {
  return std::clamp(round_trip_ + variation_, kMinRetry, kMaxRetry);
}

}  // namespace confab::rtc
