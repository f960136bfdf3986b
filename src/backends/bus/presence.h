#pragma once

#include <map>
#include <set>
#include <vector>

#include "backends/bus/instance_name.h"
#include "base/units.h"

namespace confab::bus {

// Which instances are alive, by the beats, and which are gone for good. The time comes from
// outside.
class Presence {
 public:
  explicit Presence(TimeDelta ttl) : ttl_(ttl) {}

  // After a beat. Whether anything changed.
  bool Update(const std::vector<InstanceName>& alive);
  // The bus does not answer: nothing is known about anybody, and no doubt goes on.
  void Lose() { doubted_.clear(); }

  // Not alive, for a whole ttl in which the bus answered, since this was asked first. A ttl of its
  // own, because after a wipe nobody is alive at first.
  bool IsGone(const InstanceName& name, Timestamp now);
  std::vector<InstanceName> alive() const { return {alive_.begin(), alive_.end()}; }
  bool is_known() const { return is_known_; }

 private:
  static constexpr size_t kMaxDoubted = 10'000;  // more are asked about later

  TimeDelta ttl_;
  bool is_known_ = false;
  std::set<InstanceName> alive_;
  std::map<InstanceName, Timestamp> doubted_;  // since when
};

}  // namespace confab::bus
