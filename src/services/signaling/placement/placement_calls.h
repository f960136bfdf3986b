#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"

namespace confab::signaling {

// Where a room's media is, and what every command to it carries.
struct Home {
  std::string media_instance;
  int64_t epoch = 0;

  bool operator==(const Home&) const = default;
};

// A room's row in the store, as it was seen.
struct PlacementSight {
  std::string media_instance;  // "": released
  int64_t epoch = 0;           // 0: there is no row
  int64_t renewals = 0;

  bool operator==(const PlacementSight&) const = default;
};

// What a LeaseKeeper wants done. Of the store and of media each call is answered, if by a fault,
// within its deadline; of a room at most one of either kind is under way.
struct FindRow {};
struct ClaimRow {
  std::string media_instance;
  std::string region;
  PlacementSight seen;
};
struct RenewRow {
  int64_t epoch = 0;
};
// Not answered.
struct ReleaseRow {
  int64_t epoch = 0;
};
enum class LeaseKind : uint8_t { kRenew, kTake };
struct LeaseMedia {
  Home home;
  LeaseKind kind = LeaseKind::kRenew;
  std::string process;  // of a kTake: which of media's processes may grant it
};
// Commands go there from now on.
struct HomeFound {
  Home home;
};
// Commands go nowhere from now on: whoever waits for a home hears why there is none. The keeper
// goes on trying.
struct NoHome {
  // Whether it is worth waiting for the next answer.
  enum class Outlook : uint8_t {
    kSoon,  // another one is looked for already
    kPoor,  // what is missing has to come first
  };

  Error reason;
  Outlook outlook = Outlook::kPoor;
};
// For the other signaling instances, while the store cannot tell them.
struct TellHeld {
  Home home;
};

struct PlacementCall {
  std::string room;
  uint64_t ticket = 0;  // what an answer refers to
  std::variant<FindRow, ClaimRow, RenewRow, ReleaseRow, LeaseMedia, HomeFound, NoHome, TellHeld>
      what;
};
using PlacementCalls = std::vector<PlacementCall>;

// What became of a ClaimRow: by kRefused another was first, for the same instance too.
enum class ClaimAnswer : uint8_t { kGranted, kRefused };
// What became of a RenewRow: by kLost another has the row, or nobody.
enum class RenewalAnswer : uint8_t { kRenewed, kLost };
// What became of a LeaseMedia.
enum class LeaseAnswer : uint8_t {
  kGranted,
  kNewer,     // a newer epoch is known there
  kOlder,     // an older epoch holds it there, which may be taken
  kOver,      // this epoch has ended there, or was never there: nothing of the room is left
  kNoPlace,   // full or draining
  kSilent,    // no answer in time
  kDead,      // the connection was refused: no process runs there
  kReplaced,  // another process runs there than the one that was to be taken at
};

enum class MediaReach : uint8_t {
  kUp,
  kSilent,  // nobody knows what it does
  kDead,    // a connection was refused: its process has ended, and all leases until then
};

}  // namespace confab::signaling
