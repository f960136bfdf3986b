#include "rtc/ice/ice_check_list.h"

#include <algorithm>

namespace confab::rtc {
namespace {

// RFC 8445 §5.1.2.1 with the type preference of a peer-reflexive candidate, as §7.1.1 asks; the
// local preference falls with `index`.
uint32_t PriorityAt(size_t index) {
  constexpr uint32_t kPeerReflexive = 110;
  return kPeerReflexive << 24 | (0xffff - static_cast<uint32_t>(index)) << 8 | 255;
}

}  // namespace

void IceCheckList::Add(std::span<const Path> paths) {
  for (const Path& path : paths) {
    const auto known = std::ranges::find(pairs(), path, &IcePair::path);
    if (known != pairs().end()) {
      if (known->state == IcePairState::kFailed) known->state = IcePairState::kWaiting;
    } else if (count_ < kMaxPairs) {
      pairs_[count_] = {.path = path, .priority = PriorityAt(count_), .check = {}};
      ++count_;
    }
  }
}

void IceCheckList::Stop() {
  for (IcePair& pair : pairs()) {
    if (pair.state != IcePairState::kSucceeded) pair.state = IcePairState::kFailed;
  }
}

void IceCheckList::FailAll() {
  for (IcePair& pair : pairs()) pair.state = IcePairState::kFailed;
}

IcePair* IceCheckList::NextDue(Timestamp now, RandomSource& random) {
  for (IcePair& pair : pairs()) {
    if (pair.state != IcePairState::kInProgress || pair.check.next() > now) continue;
    if (pair.check.Repeat(now)) return &pair;
    pair.state = IcePairState::kFailed;
  }
  if (next_start_ > now) return nullptr;
  const auto waiting = std::ranges::find(pairs(), IcePairState::kWaiting, &IcePair::state);
  if (waiting == pairs().end()) return nullptr;
  // RFC 8445 §14.3, for one checklist.
  const TimeDelta rto = std::max(
      IceTransaction::kMinRto, kPacing * Count(IcePairState::kWaiting, IcePairState::kInProgress));
  waiting->state = IcePairState::kInProgress;
  waiting->check = IceTransaction(now, rto, random);
  next_start_ = now + kPacing;
  return &*waiting;
}

IcePair* IceCheckList::FindInProgress(const StunTransactionId& id) {
  const auto it = std::ranges::find_if(pairs(), [&id](const IcePair& pair) {
    return pair.state == IcePairState::kInProgress && pair.check.id() == id;
  });
  return it == pairs().end() ? nullptr : &*it;
}

bool IceCheckList::HasSucceeded(const Path& path) const {
  return std::ranges::any_of(pairs(), [&path](const IcePair& pair) {
    return pair.state == IcePairState::kSucceeded && pair.path == path;
  });
}

Timestamp IceCheckList::NextTimeout() const {
  Timestamp next = Timestamp::Never();
  for (const IcePair& pair : pairs()) {
    if (pair.state == IcePairState::kWaiting) next = std::min(next, next_start_);
    if (pair.state == IcePairState::kInProgress) next = std::min(next, pair.check.next());
  }
  return next;
}

int64_t IceCheckList::Count(IcePairState one, IcePairState other) const {
  return std::ranges::count_if(pairs(), [one, other](const IcePair& pair) {
    return pair.state == one || pair.state == other;
  });
}

}  // namespace confab::rtc
