#include "services/media/lease_table.h"

#include <fmt/format.h>

#include <iterator>

namespace confab::media {
namespace {

std::unexpected<Error> Stale(int64_t epoch, int64_t known) {
  return Fail(
      ErrorCode::kStaleEpoch,
      fmt::format("epoch {} of this router is over, {} is the newest that is known here: ask "
                  "the store where its room is at home",
                  epoch, known));
}

std::unexpected<Error> NoEpoch() {
  return Fail(ErrorCode::kInvalidMessage, "epoch must be 1 or more");
}

}  // namespace

Result<void> LeaseTable::Take(Timestamp now, const std::string& router_id, int64_t epoch) {
  if (epoch < 1) return NoEpoch();
  const auto found = by_router_.find(router_id);
  const bool is_new = found == by_router_.end();
  const bool is_live = !is_new && found->second->state == Entry::State::kLive;
  if (!is_new && epoch <= found->second->epoch) {
    if (auto held = Admit(now, router_id, epoch); !held) return held;
  }
  if (!is_live && live_.size() >= kMaxLeases) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("a media worker takes {} leases at most", kMaxLeases));
  }
  if (is_new) {
    live_.push_back({.router_id = router_id, .ends_at = now});
    by_router_[router_id] = std::prev(live_.end());
    Extend(now, std::prev(live_.end()), epoch);
  } else {
    Extend(now, found->second, epoch);
  }
  return {};
}

Result<void> LeaseTable::Renew(Timestamp now, const std::string& router_id, int64_t epoch) {
  if (epoch < 1) return NoEpoch();
  if (auto held = Admit(now, router_id, epoch); !held) return held;
  Extend(now, by_router_.at(router_id), epoch);
  return {};
}

void LeaseTable::Extend(Timestamp now, Entries::iterator entry, int64_t epoch) {
  live_.splice(live_.end(), entry->state == Entry::State::kLive ? live_ : ended_, entry);
  entry->state = Entry::State::kLive;
  entry->epoch = epoch;
  entry->ends_at = now + lease_;
}

Result<void> LeaseTable::Admit(Timestamp now, const std::string& router_id, int64_t epoch) const {
  const Entry* entry = Find(router_id);
  if (entry == nullptr) {
    if (epoch == 0) return {};
    return Fail(ErrorCode::kInvalidState, "this router is not leased here: take the lease first");
  }
  if (epoch < entry->epoch) return Stale(epoch, entry->epoch);
  if (epoch > entry->epoch) {
    return Fail(ErrorCode::kInvalidState, "this epoch is not leased here: take the lease first");
  }
  if (entry->state == Entry::State::kEnded || entry->ends_at <= now) {
    return Stale(epoch, entry->epoch);
  }
  return {};
}

std::vector<LeaseTable::Ended> LeaseTable::Expire(Timestamp now) {
  std::vector<Ended> ended;
  while (!live_.empty() && live_.front().ends_at <= now) {
    ended.push_back({live_.front().router_id, live_.front().epoch});
    MoveToEnded(live_.begin());
  }
  while (!ended_.empty() && ended_.front().ends_at + kMemory <= now) ForgetFirstEnded();
  return ended;
}

void LeaseTable::Refuse(Timestamp now, const std::string& router_id, int64_t epoch) {
  const auto found = by_router_.find(router_id);
  if (found == by_router_.end()) {
    live_.push_back({.router_id = router_id, .epoch = epoch, .ends_at = now});
    by_router_[router_id] = std::prev(live_.end());
    MoveToEnded(std::prev(live_.end()));
  } else if (found->second->state == Entry::State::kEnded && found->second->epoch < epoch) {
    found->second->epoch = epoch;
  }
}

int64_t LeaseTable::End(const std::string& router_id) {
  const auto found = by_router_.find(router_id);
  if (found == by_router_.end() || found->second->state == Entry::State::kEnded) return 0;
  const int64_t epoch = found->second->epoch;
  MoveToEnded(found->second);
  return epoch;
}

int64_t LeaseTable::KnownEpoch(const std::string& router_id) const {
  const Entry* entry = Find(router_id);
  return entry == nullptr ? 0 : entry->epoch;
}

int64_t LeaseTable::HeldEpoch(Timestamp now, const std::string& router_id) const {
  const Entry* entry = Find(router_id);
  const bool is_held =
      entry != nullptr && entry->state == Entry::State::kLive && entry->ends_at > now;
  return is_held ? entry->epoch : 0;
}

const LeaseTable::Entry* LeaseTable::Find(const std::string& router_id) const {
  const auto found = by_router_.find(router_id);
  return found == by_router_.end() ? nullptr : &*found->second;
}

void LeaseTable::MoveToEnded(Entries::iterator entry) {
  entry->state = Entry::State::kEnded;
  ended_.splice(ended_.end(), live_, entry);
  if (ended_.size() > kMaxEnded) ForgetFirstEnded();
}

void LeaseTable::ForgetFirstEnded() {
  by_router_.erase(ended_.front().router_id);
  ended_.pop_front();
}

}  // namespace confab::media
