#include "services/signaling/placement/media_loads.h"

#include <algorithm>
#include <set>

namespace confab::signaling {

void MediaLoads::HandleUp(const std::string& media_instance) {
  entries_.erase(media_instance);
  is_due_ = true;
}

bool MediaLoads::IsSilent(Timestamp now, const std::string& media_instance) const {
  const auto found = entries_.find(media_instance);
  if (found == entries_.end() || found->second.told_at.is_never()) return false;
  return now - found->second.told_at >= kSilence;
}

void MediaLoads::HandleLoad(Timestamp now, const std::string& media_instance,
                            const media::v1::Load& load) {
  Entry& entry = entries_[media_instance];
  if (entry.load.is_draining() != load.is_draining() || entry.load.is_full() != load.is_full()) {
    is_due_ = true;
  }
  entry = {.load = load, .is_new = true, .told_at = now};
}

bool MediaLoads::IsDue(Timestamp now,
                       const std::vector<MediaPool::InstanceStatus>& instances) const {
  if (is_due_ || now - taken_at_ >= kMaxAge) return true;
  return std::ranges::all_of(instances, [this](const MediaPool::InstanceStatus& instance) {
    const auto found = entries_.find(instance.id);
    return !instance.is_up || (found != entries_.end() && found->second.is_new);
  });
}

std::vector<PlacementChoice::Candidate> MediaLoads::Take(
    Timestamp now, const std::vector<MediaPool::InstanceStatus>& instances) {
  using Intake = PlacementChoice::Intake;
  taken_at_ = now;
  is_due_ = false;
  std::vector<PlacementChoice::Candidate> candidates;
  std::set<std::string> ids;
  for (const MediaPool::InstanceStatus& instance : instances) {
    ids.insert(instance.id);
    const media::v1::Load& load = entries_[instance.id].load;
    const bool is_reached = instance.is_up && !IsSilent(now, instance.id);
    const bool is_open = is_reached && instance.is_listed && !load.is_draining() && !load.is_full();
    candidates.push_back({.id = instance.id,
                          .region = instance.region,
                          .transports = load.transports(),
                          .intake = is_open ? Intake::kOpen : Intake::kClosed});
  }
  std::erase_if(entries_, [&](const auto& entry) { return !ids.contains(entry.first); });
  for (auto& [id, entry] : entries_) entry.is_new = false;
  return candidates;
}

}  // namespace confab::signaling
