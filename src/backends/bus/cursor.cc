#include "backends/bus/cursor.h"

#include <algorithm>

#include "backends/bus/limits.h"

namespace confab::bus {

std::expected<std::vector<const LogEntry*>, ResetReason> Cursor::Take(const LogRead& read) {
  std::vector<const LogEntry*> told;
  if (read.life.empty()) return told;  // not there, or not yet again
  if (read.life != position_.life) {
    position_.life = read.life;
    position_.sequence = read.base;
  }
  for (const LogEntry& entry : read.entries) {
    if (entry.sequence <= position_.sequence) continue;
    if (entry.sequence != position_.sequence + 1) return std::unexpected(ResetReason::kTrimmed);
    position_.sequence = entry.sequence;
    const Judgement judgement = Judge(entry);
    if (judgement == Judgement::kMissed) return std::unexpected(ResetReason::kMissed);
    if (judgement == Judgement::kTell) told.push_back(&entry);
  }
  if (read.entries.empty() && is_behind(read)) return std::unexpected(ResetReason::kTrimmed);
  return told;
}

Cursor::Judgement Cursor::Judge(const LogEntry& entry) {
  switch (entry.kind) {
    case EntryKind::kBroken: return Judgement::kSkip;
    case EntryKind::kGone: ForgetOwner(entry.origin); return Judgement::kTell;
    case EntryKind::kChange:
    case EntryKind::kRestated: break;
  }
  uint64_t& last = position_.numbers[entry.origin];
  // Of a relay's restatements the last number may come again.
  const bool is_state = entry.kind == EntryKind::kRestated && entry.number == last;
  if (entry.number <= last && !is_state) return Judgement::kSkip;
  if (entry.previous > last) return Judgement::kMissed;
  last = entry.number;
  if (!entry.set.empty()) position_.owners.insert(entry.origin);
  if (position_.numbers.size() > kMaxOriginsPerRoom) ForgetStalestOrigin();
  return Judgement::kTell;
}

// Numbers of different origins say nothing about age, but owners matter most.
void Cursor::ForgetStalestOrigin() {
  const auto stale = std::ranges::find_if(position_.numbers, [this](const auto& each) {
    return !position_.owners.contains(each.first);
  });
  position_.numbers.erase(stale == position_.numbers.end() ? position_.numbers.begin() : stale);
}

}  // namespace confab::bus
