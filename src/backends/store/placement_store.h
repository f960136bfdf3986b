#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

// Where a room's media is at home.
struct PlacementRow {
  std::string room;
  std::string media_instance;  // "": released, nobody has it
  std::string region;
  // Grows by one with each claim; every command to media carries it, and an older one is refused.
  int64_t epoch = 0;
  // Grows with each renewal: who saw the row unchanged for the time of a lease knows that nobody
  // holds it. No clock but the observer's own is needed for that.
  int64_t renewals = 0;
  int64_t claim_id = 0;  // of the claim that was granted

  bool operator==(const PlacementRow&) const = default;
};

// The homes of rooms, held by leases whose time the observers measure themselves (docs/store.md).
// Lives on the database's thread; the database must outlive it and its calls. Every call may be
// repeated after kPerhapsDone.
class PlacementStore {
 public:
  explicit PlacementStore(Database& database) : database_(database) {}

  // What a claimant saw of the row before; the default: there was none.
  struct Seen {
    int64_t epoch = 0;
    int64_t renewals = 0;
  };
  struct Claim {
    std::string room;
    std::string media_instance;
    std::string region;
    Seen seen;
    // Drawn at random, for no other claim; a repetition carries it again.
    int64_t id = 0;
  };
  struct Claimed {
    // The row stands as this claim wanted it, with the epoch after the one that was seen: of those
    // who claim at once, one alone is granted.
    bool is_granted = false;
    // As it stands now: where the claim was not granted, another one's. A row that went away
    // meanwhile has epoch 0.
    PlacementRow row;
  };
  // Compare and set: granted where the row is still as it was seen. To claim a room that another
  // instance holds, have seen its row unchanged for the time of a lease, or proof of its death.
  asio::awaitable<StoreResult<Claimed>> Take(Claim claim);

  struct Lease {
    std::string room;
    int64_t epoch = 0;
  };
  enum class Renewal : uint8_t {
    kRenewed,
    kLost,  // another epoch, or released: who holds it must stop
  };
  // Each lease by itself, in the order given; at most kMaxRenewals. A repetition counts twice,
  // which does no harm: all that matters is that the number has changed.
  asio::awaitable<StoreResult<std::vector<Renewal>>> Renew(std::vector<Lease> leases);

  // Gives the room up, where the epoch is still this one. The row stays, so that the next epoch is
  // higher, until Retention removes it.
  asio::awaitable<StoreResult<void>> Release(Lease lease, int64_t now_us);

  // Nothing: the room was never placed, or long ago.
  asio::awaitable<StoreResult<std::optional<PlacementRow>>> Find(std::string room);
  // The rooms of one instance, in the order of their names behind `after`; at most kMaxPageRows.
  asio::awaitable<StoreResult<std::vector<PlacementRow>>> OfInstance(std::string media_instance,
                                                                     std::string after,
                                                                     int64_t max_rows);

 private:
  Database& database_;
};

}  // namespace confab::store
