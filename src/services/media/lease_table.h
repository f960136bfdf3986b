#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/units.h"

namespace confab::media {

// Which routers are leased, with which epoch and until when: what refuses a command that comes from
// before the router's home changed. Pure; lives on one worker's thread, for that worker's routers.
//
// An epoch that has ended does not come back: whoever gave the room another home has waited for
// exactly that.
class LeaseTable {
 public:
  // Leases at a time; beyond, Extend refuses new ones.
  static constexpr size_t kMaxLeases = 10'000;
  // Ended epochs that are remembered; beyond, the one that ended first is forgotten. A renewal that
  // is so late that 10,000 rooms have ended meanwhile does not exist.
  static constexpr size_t kMaxEnded = 10'000;
  // How long an ended epoch is remembered. Much longer than a call is under way, and shorter than
  // the store keeps a released row, after which epochs begin at 1 again.
  static constexpr TimeDelta kMemory = TimeDelta::Seconds(3600);
  static constexpr TimeDelta kLease = TimeDelta::Seconds(5);

  struct Ended {
    std::string router_id;
    int64_t epoch = 0;
  };

  explicit LeaseTable(TimeDelta lease = kLease) : lease_(lease) {}

  // Takes a lease from now on, or a held one with a newer epoch. Errors: kStaleEpoch: a newer epoch
  // is known, or this one has ended; kLimitExceeded; kInvalidMessage: the epoch is not 1 or more.
  // To be called after Expire at the same time, whose routers have been closed.
  Result<void> Take(Timestamp now, const std::string& router_id, int64_t epoch);
  // Makes it last longer. Errors: those of Admit; kInvalidMessage.
  Result<void> Renew(Timestamp now, const std::string& router_id, int64_t epoch);
  // Whether a command may be carried out. Errors: kStaleEpoch; kInvalidState: this epoch was never
  // leased here.
  Result<void> Admit(Timestamp now, const std::string& router_id, int64_t epoch) const;
  // The leases that have run out: their routers have to be closed. Each is named once.
  std::vector<Ended> Expire(Timestamp now);
  // There was no place for it, and there will be none: this epoch and older ones are not granted
  // any more, so that whoever claimed it may go elsewhere at once. Nothing where the epoch is not
  // newer than what is known.
  void Refuse(Timestamp now, const std::string& router_id, int64_t epoch);
  // The router was closed: its lease ends with it. The epoch that ended; 0: there was none.
  int64_t End(const std::string& router_id);

  // The newest epoch that is known of a router; 0: none.
  int64_t KnownEpoch(const std::string& router_id) const;
  // The epoch whose lease is alive; 0: none.
  int64_t HeldEpoch(Timestamp now, const std::string& router_id) const;
  size_t size() const { return live_.size(); }
  TimeDelta lease() const { return lease_; }

 private:
  struct Entry {
    std::string router_id;
    int64_t epoch = 0;
    Timestamp ends_at;
    enum class State : uint8_t { kLive, kEnded } state = State::kLive;
  };
  using Entries = std::list<Entry>;  // list: entries move between the two without being copied

  const Entry* Find(const std::string& router_id) const;
  void Extend(Timestamp now, Entries::iterator entry, int64_t epoch);
  void ForgetFirstEnded();
  void MoveToEnded(Entries::iterator entry);

  const TimeDelta lease_;
  Entries live_;   // in the order of their ends: each extension is as long as the others
  Entries ended_;  // the oldest first
  std::unordered_map<std::string, Entries::iterator> by_router_;
};

}  // namespace confab::media
