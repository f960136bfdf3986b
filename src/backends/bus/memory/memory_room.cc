#include "backends/bus/memory/memory_room.h"

#include <algorithm>
#include <set>

#include "backends/bus/limits.h"

namespace confab::bus {

MemoryRoom::MemoryRoom(uint64_t generation, uint64_t base)
    : generation_(generation),
      life_(std::to_string(generation) + '.' + std::to_string(base)),
      base_(base),
      sequence_(base) {}

Result<Written> MemoryRoom::Write(const Draft& draft) {
  const auto known = origins_.find(draft.origin);
  const auto repeated = [&] {
    return Written{
        .verdict = Verdict::kRepeated, .life = life_, .sequence = known->second.sequence};
  };
  if (draft.kind == EntryKind::kGone) {
    const bool owns = std::ranges::any_of(
        fields_, [&](const auto& each) { return each.second.owner == draft.origin; });
    if (!owns && known != origins_.end()) return repeated();
  } else if (known != origins_.end() && draft.number <= known->second.number) {
    // A relay's restatement stands for a state, not for an event.
    const bool is_allowed = draft.kind == EntryKind::kRestated && !draft.mark_name.empty() &&
                            draft.number == known->second.number;
    if (!is_allowed) return repeated();
  }
  if (!HasRoomFor(draft)) {
    return Fail(ErrorCode::kLimitExceeded, "the room has too many fields: remove some first");
  }
  ++sequence_;
  log_.push_back(MakeEntry(draft));
  if (log_.size() > kMaxLogEntries) log_.pop_front();
  RememberOrigin(draft);
  if (!draft.mark_name.empty()) marks_[draft.mark_name] = draft.mark;
  return Written{.verdict = Verdict::kDone, .life = life_, .sequence = sequence_};
}

bool MemoryRoom::HasRoomFor(const Draft& draft) const {
  const auto added = std::ranges::count_if(
      draft.set, [&](const OwnedField& field) { return !fields_.contains(field.key); });
  return added == 0 || fields_.size() + static_cast<size_t>(added) <= kMaxFieldsPerRoom;
}

LogEntry MemoryRoom::MakeEntry(const Draft& draft) {
  LogEntry entry{.sequence = sequence_,
                 .kind = draft.kind,
                 .origin = draft.origin,
                 .number = draft.number,
                 .previous = draft.previous,
                 .event = draft.event};
  if (draft.kind == EntryKind::kChange && !draft.set.empty()) {
    entry.first_sequence = draft.set.front().sequence;
  }
  Set(draft, entry);
  RemoveKeys(draft, entry);
  if (draft.kind != EntryKind::kChange) RemoveAllBut(draft.origin, draft.set, entry);
  return entry;
}

void MemoryRoom::Set(const Draft& draft, LogEntry& entry) {
  for (const OwnedField& field : draft.set) {
    const bool is_of_before = draft.kind == EntryKind::kRestated || field.sequence != 0;
    const auto old = fields_.find(field.key);
    const bool is_lost = is_of_before && old != fields_.end() &&
                         old->second.owner != draft.origin && old->second.sequence > field.sequence;
    if (is_lost) continue;
    fields_[field.key] = OwnedField{.key = field.key,
                                    .value = field.value,
                                    .owner = draft.origin,
                                    .sequence = is_of_before ? field.sequence : sequence_};
    entry.set.push_back({.key = field.key, .value = field.value});
  }
}

void MemoryRoom::RemoveKeys(const Draft& draft, LogEntry& entry) {
  for (const std::string& key : draft.remove) {
    const auto old = fields_.find(key);
    if (old != fields_.end() && old->second.owner != draft.origin) continue;
    if (old != fields_.end()) fields_.erase(old);
    entry.removed.push_back(key);
  }
}

void MemoryRoom::RemoveAllBut(const InstanceName& owner, const std::vector<OwnedField>& kept,
                              LogEntry& entry) {
  std::set<std::string_view> keys;
  for (const OwnedField& field : kept) keys.insert(field.key);
  std::erase_if(fields_, [&](const auto& each) {
    if (each.second.owner != owner || keys.contains(each.first)) return false;
    entry.removed.push_back(each.first);
    return true;
  });
}

void MemoryRoom::RememberOrigin(const Draft& draft) {
  if (!origins_.contains(draft.origin) && origins_.size() >= kMaxOriginsPerRoom) {
    origins_.erase(std::ranges::min_element(origins_, {},
                                            [](const auto& each) { return each.second.sequence; }));
  }
  Done& done = origins_[draft.origin];
  if (draft.kind != EntryKind::kGone) done.number = draft.number;
  done.sequence = sequence_;
}

LogRead MemoryRoom::Read(const std::string& life, uint64_t after) const {
  LogRead read{.life = life_, .base = base_, .sequence = sequence_};
  const uint64_t from = life == life_ ? after : base_;
  for (const LogEntry& entry : log_) {
    if (entry.sequence <= from) continue;
    if (read.entries.size() >= kReadEntries) break;
    read.entries.push_back(entry);
  }
  return read;
}

RoomState MemoryRoom::Snapshot() const {
  RoomState state;
  state.position.life = life_;
  state.position.sequence = sequence_;
  for (const auto& [origin, done] : origins_) state.position.numbers[origin] = done.number;
  for (const auto& [key, field] : fields_) {
    state.position.owners.insert(field.owner);
    state.fields.push_back(field);
  }
  return state;
}

std::string MemoryRoom::Mark(const std::string& name) const {
  const auto found = marks_.find(name);
  return found == marks_.end() ? "" : found->second;
}

}  // namespace confab::bus
