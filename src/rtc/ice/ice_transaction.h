#pragma once

#include "base/random.h"
#include "base/units.h"
#include "rtc/stun/stun_types.h"

namespace confab::rtc {

// One Binding request of ours and its repetitions (RFC 8489 §6.2.1): the wait doubles from RTO on,
// after the last sending it is kLastWait · RTO. A value; knows times, not bytes.
class IceTransaction {
 public:
  // RFC 8445 §14.3.
  static constexpr TimeDelta kMinRto = TimeDelta::Millis(500);
  // Rc, of which RFC 8489 §6.2.1 makes 7 the default. With 6 and the shortest RTO a request has
  // failed after 23.5 s: within the 30 s after which consent would have ended, too.
  static constexpr int kMaxSends = 6;
  static constexpr int kLastWait = 16;  // Rm

  IceTransaction() = default;
  // The first request goes out at `now`.
  IceTransaction(Timestamp now, TimeDelta rto, RandomSource& random)
      : sends_(1), rto_(rto), next_(now + rto) {
    random.Fill(id_);
  }

  const StunTransactionId& id() const { return id_; }
  // When to repeat it, or to give up.
  Timestamp next() const { return next_; }
  // next() has come. True: the request goes out again; false: it has failed.
  bool Repeat(Timestamp now) {
    if (sends_ == kMaxSends) return false;
    ++sends_;
    next_ = now + rto_ * (sends_ == kMaxSends ? kLastWait : 1 << (sends_ - 1));
    return true;
  }

 private:
  StunTransactionId id_{};
  int sends_ = 0;
  TimeDelta rto_ = kMinRto;
  Timestamp next_ = Timestamp::Never();
};

}  // namespace confab::rtc
