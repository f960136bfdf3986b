#include "services/logs/story/gather.h"

#include <algorithm>

namespace confab::logs {
namespace {

// The program's own chatter about rooms: it is no part of a call, and reading the explanation of a
// call must not make one.
bool IsOfCall(const LogEntry& entry) {
  return entry.damage == Damage::kNone && entry.service != "gateway" && entry.event != "api.call";
}

bool ConcernsAll(const LogEntry& entry) {
  if (!entry.room.empty() || entry.damage != Damage::kNone) return false;
  constexpr std::string_view kBeginnings[] = {"media.",     "bus.",     "store.",
                                              "discovery.", "service.", "internal."};
  return std::ranges::any_of(
      kBeginnings, [&](std::string_view beginning) { return entry.event.starts_with(beginning); });
}

}  // namespace

GatheredLines Gather(const LogIndex& index, const RoomKey& room) {
  GatheredLines lines;
  for (const EntryPtr& entry : index.entries()) {
    lines.processes.Note(*entry);
    if (room.Fits(entry->room)) {
      if (IsOfCall(*entry)) lines.of_room.push_back(entry.get());
    } else if (ConcernsAll(*entry)) {
      lines.of_system.push_back(entry.get());
    }
  }
  if (lines.of_system.size() > GatheredLines::kMaxSystemLines) {
    lines.of_system.erase(lines.of_system.begin(),
                          lines.of_system.end() - GatheredLines::kMaxSystemLines);
  }
  return lines;
}

}  // namespace confab::logs
