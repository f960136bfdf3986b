#include "backends/bus/presence.h"

namespace confab::bus {

bool Presence::Update(const std::vector<InstanceName>& alive) {
  std::set<InstanceName> now(alive.begin(), alive.end());
  for (const InstanceName& name : now) doubted_.erase(name);
  const bool is_change = !is_known_ || now != alive_;
  is_known_ = true;
  alive_ = std::move(now);
  return is_change;
}

bool Presence::IsGone(const InstanceName& name, Timestamp now) {
  if (!is_known_ || alive_.contains(name)) return false;
  const auto doubt = doubted_.find(name);
  if (doubt != doubted_.end()) return now - doubt->second >= ttl_;
  if (doubted_.size() < kMaxDoubted) doubted_.emplace(name, now);
  return false;
}

}  // namespace confab::bus
