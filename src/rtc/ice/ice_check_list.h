#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/random.h"
#include "base/units.h"
#include "rtc/ice/ice_transaction.h"
#include "rtc/types.h"

namespace confab::rtc {

// RFC 8445 §6.1.2.6; with one component nothing is ever frozen.
enum class IcePairState : uint8_t { kWaiting, kInProgress, kSucceeded, kFailed };

struct IcePair {
  Path path;
  uint32_t priority = 0;  // PRIORITY of its checks
  IcePairState state = IcePairState::kWaiting;
  IceTransaction check;  // once it is in progress
};

// The candidate pairs of a controlling agent and when each is to be checked (RFC 8445 §6.1.4.2):
// the first at once, then one more every kPacing, in the order in which they were added. Bounded.
// Owned by IceControlling; knows times, not bytes.
class IceCheckList {
 public:
  static constexpr size_t kMaxPairs = 16;
  static constexpr TimeDelta kPacing = TimeDelta::Millis(50);  // Ta (RFC 8445 §14.2)

  // Higher first. Known ones that have failed are checked anew; what is beyond kMaxPairs is left
  // out.
  void Add(std::span<const Path> paths);
  // What is added next begins at once.
  void Clear() {
    count_ = 0;
    next_start_ = Timestamp::Past();
  }
  // No more checks: whatever has not succeeded has failed.
  void Stop();
  // Also what had succeeded.
  void FailAll();

  // A pair whose check is to be sent at `now`, for the first time or again; null: no more are.
  IcePair* NextDue(Timestamp now, RandomSource& random);
  // The pair whose check this is; null: none that still waits for an answer.
  IcePair* FindInProgress(const StunTransactionId& id);
  bool HasSucceeded(const Path& path) const;
  // There are checks to send or to wait for.
  bool running() const { return Count(IcePairState::kWaiting, IcePairState::kInProgress) > 0; }
  Timestamp NextTimeout() const;

 private:
  std::span<IcePair> pairs() { return std::span(pairs_).first(count_); }
  std::span<const IcePair> pairs() const { return std::span(pairs_).first(count_); }
  int64_t Count(IcePairState one, IcePairState other) const;

  std::array<IcePair, kMaxPairs> pairs_;
  size_t count_ = 0;
  Timestamp next_start_ = Timestamp::Past();
};

}  // namespace confab::rtc
