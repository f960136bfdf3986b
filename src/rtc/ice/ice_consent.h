#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/random.h"
#include "base/units.h"
#include "rtc/stun/stun_types.h"

namespace confab::rtc {

// The peer's consent to be sent to over the selected path (RFC 7675 §5.1): a check about every five
// seconds, each sent once with an id of its own; an answer to any of them renews the consent.
// Knows times, not bytes.
class IceConsent {
 public:
  static constexpr TimeDelta kTimeout = TimeDelta::Seconds(30);
  static constexpr TimeDelta kMinInterval = TimeDelta::Seconds(4);
  static constexpr TimeDelta kMaxInterval = TimeDelta::Seconds(6);
  // Checks that may still be answered: as many as fit into kTimeout. The oldest is forgotten.
  static constexpr size_t kMaxOpen = 8;

  // The peer has answered over a path that was not selected before.
  void Begin(Timestamp now, RandomSource& random) {
    End();
    Renew(now);
    next_check_ = now + Interval(random);
  }
  void End() { *this = IceConsent(); }

  // The id of the check to send now.
  const StunTransactionId& NextCheck(Timestamp now, RandomSource& random) {
    next_check_ = now + Interval(random);
    StunTransactionId& id = open_[begun_++ % kMaxOpen].emplace();
    random.Fill(id);
    return id;
  }
  bool IsOpen(const StunTransactionId& id) const {
    return std::ranges::find(open_, std::optional(id)) != open_.end();
  }
  // The check with this id was answered. Once: a recorded answer renews nothing.
  void Answered(Timestamp now, const StunTransactionId& id) {
    std::ranges::replace(open_, std::optional(id), std::optional<StunTransactionId>());
    Renew(now);
  }
  void Renew(Timestamp now) { expires_ = now + kTimeout; }

  // Both Never while there is no consent.
  Timestamp next_check() const { return next_check_; }
  Timestamp expires() const { return expires_; }
  Timestamp NextTimeout() const { return std::min(next_check_, expires_); }

 private:
  static TimeDelta Interval(RandomSource& random) {
    return kMinInterval +
           TimeDelta::Micros(random.U32() % ((kMaxInterval - kMinInterval).us() + 1));
  }

  std::array<std::optional<StunTransactionId>, kMaxOpen> open_{};
  size_t begun_ = 0;
  Timestamp next_check_ = Timestamp::Never();
  Timestamp expires_ = Timestamp::Never();
};

}  // namespace confab::rtc
