#include "services/signaling/placement/placement_choice.h"

#include <algorithm>
#include <utility>

namespace confab::signaling {

void PlacementChoice::SetCandidates(std::vector<Candidate> candidates) {
  std::ranges::sort(candidates, {}, &Candidate::id);
  if (candidates.size() > kMaxCandidates) candidates.resize(kMaxCandidates);
  std::vector<Entry> entries;
  for (Candidate& candidate : candidates) {
    const Entry* before = Find(candidate.id);
    const uint32_t pending = before == nullptr ? 0 : before->pending;
    entries.push_back({.candidate = std::move(candidate), .pending = pending});
  }
  entries_ = std::move(entries);
}

std::optional<std::string> PlacementChoice::Choose(std::string_view region,
                                                   std::span<const std::string> excluded) {
  std::vector<Entry*> near;
  std::vector<Entry*> far;
  for (Entry& entry : entries_) {
    if (entry.candidate.intake == Intake::kClosed) continue;
    if (std::ranges::find(excluded, entry.candidate.id) != excluded.end()) continue;
    (entry.candidate.region == region ? near : far).push_back(&entry);
  }
  const std::vector<Entry*>& candidates = near.empty() ? far : near;
  if (candidates.empty()) return std::nullopt;
  const std::string& chosen = LessLoaded(candidates);
  ++Find(chosen)->pending;
  return chosen;
}

const std::string& PlacementChoice::LessLoaded(const std::vector<Entry*>& candidates) {
  const size_t first = random_.U32() % candidates.size();
  if (candidates.size() == 1) return candidates[first]->candidate.id;
  // Another one: each of the others is as likely.
  const size_t second = (first + 1 + random_.U32() % (candidates.size() - 1)) % candidates.size();
  const bool is_second = LoadOf(*candidates[second]) < LoadOf(*candidates[first]);
  return candidates[is_second ? second : first]->candidate.id;
}

void PlacementChoice::Placed(std::string_view id) {
  Entry* entry = Find(id);
  if (entry == nullptr || entry->pending == 0) return;
  --entry->pending;
  ++entry->placed;
}

void PlacementChoice::Abandoned(std::string_view id) {
  Entry* entry = Find(id);
  if (entry != nullptr && entry->pending > 0) --entry->pending;
}

void PlacementChoice::Refused(std::string_view id) {
  Abandoned(id);
  if (Entry* entry = Find(id)) entry->candidate.intake = Intake::kClosed;
}

uint32_t PlacementChoice::LoadOf(std::string_view id) const {
  const auto found = std::ranges::find(
      entries_, id, [](const Entry& entry) -> std::string_view { return entry.candidate.id; });
  return found == entries_.end() ? 0 : LoadOf(*found);
}

uint32_t PlacementChoice::LoadOf(const Entry& entry) {
  return entry.candidate.transports + (entry.pending + entry.placed) * kRoomWeight;
}

PlacementChoice::Entry* PlacementChoice::Find(std::string_view id) {
  const auto found = std::ranges::find(
      entries_, id, [](const Entry& entry) -> std::string_view { return entry.candidate.id; });
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace confab::signaling
