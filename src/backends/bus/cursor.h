#pragma once

#include <expected>
#include <vector>

#include "backends/bus/ledger.h"

namespace confab::bus {

// Where one follower stands in a room's log: decides what it is told of what was read. A value.
//
// Within one life of a room sequences say it all. When Redis was wiped, the room begins another
// life in which every owner repeats what it did lately: what this follower knows already is known
// by its origin and number, and what it can never learn by `previous`.
class Cursor {
 public:
  explicit Cursor(Position position) : position_(std::move(position)) {}

  // The entries to tell of, which point into `read`. Error: some are missing, for good.
  std::expected<std::vector<const LogEntry*>, ResetReason> Take(const LogRead& read);
  // The log has more than was read.
  bool is_behind(const LogRead& read) const { return position_.sequence < read.sequence; }

  const Position& position() const { return position_; }
  // Nothing of it is left in the room.
  void ForgetOwner(const InstanceName& owner) { position_.owners.erase(owner); }

 private:
  enum class Judgement : uint8_t { kTell, kSkip, kMissed };
  Judgement Judge(const LogEntry& entry);
  void ForgetStalestOrigin();

  Position position_;
};

}  // namespace confab::bus
