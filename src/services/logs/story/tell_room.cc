#include "services/logs/story/tell_room.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "services/logs/story/calls.h"
#include "services/logs/story/findings.h"
#include "services/logs/story/narrator.h"
#include "services/logs/story/outages.h"
#include "services/logs/story/story_json.h"

namespace confab::logs {
namespace {

using Entries = std::span<const LogEntry* const>;

constexpr size_t kMaxToldCalls = 50;

bool IsReport(const LogEntry& entry) {
  return entry.event == "transport.report" || entry.event == "client.report";
}

// Those that are read: all, or where they are too many, the newest reports and all else.
std::vector<const LogEntry*> Chosen(Entries lines) {
  std::vector<const LogEntry*> chosen(lines.begin(), lines.end());
  size_t over = chosen.size() > kMaxStoryLines ? chosen.size() - kMaxStoryLines : 0;
  std::erase_if(chosen, [&](const LogEntry* entry) {
    if (over == 0 || !IsReport(*entry)) return false;
    --over;
    return true;
  });
  if (over > 0) chosen.erase(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(over));
  return chosen;
}

void Narrate(Entries lines, const FoundCall& call, Story& story) {
  Narrator narrator(story);
  const std::vector<const LogEntry*> chosen = Chosen(lines);
  story.lines_left_out += lines.size() - chosen.size();
  for (const LogEntry* entry : chosen) {
    if (const auto line = Line::Read(*entry)) narrator.Take(*line);
  }
  narrator.Finish(call.vanished);
}

// What stood behind the call, as the instances that served it have noticed.
std::vector<Outage> Surroundings(Entries system, Story& story) {
  Narrator narrator(story);
  OutageReader reader;
  const TimeSpan time = story.time();
  for (const LogEntry* entry : system) {
    const auto line = Line::Read(*entry);
    if (!line) continue;
    const std::string instance = line->Id("instance");
    if (std::ranges::find(story.instances, instance) == story.instances.end()) continue;
    reader.Take(*line);
    if (Overlap(time, {entry->time_us, entry->time_us})) narrator.TakeOfSystem(*line);
  }
  std::ranges::stable_sort(story.failures, std::less{}, &FailureStory::at_us);
  return reader.Finish();
}

// Whether the call's own beginning is there: what was forgotten, or never read, is older.
bool IsComplete(const LogIndex& index, const Story& story) {
  const bool has_joins = std::ranges::all_of(
      story.participants, [](const ParticipantStory& each) { return each.joined_us.has_value(); });
  const bool is_old = index.oldest_us().value_or(0) <= story.call.from_us - kCallGapUs;
  return has_joins && story.lines_left_out == 0 && (index.forgotten() == 0 || is_old);
}

}  // namespace

Result<std::string> TellRoom(const LogIndex& index, const RoomQuestion& question) {
  const GatheredLines lines = Gather(index, question.room);
  const std::vector<FoundCall> calls = FindCalls(lines.of_room, lines.processes, question.now_us);
  if (calls.empty()) {
    return Fail(
        ErrorCode::kRoomNotFound,
        "No line of a call in this room is kept: check the room's name, and that its services "
        "write into this log folder; older calls are forgotten.");
  }
  const size_t chosen = question.at_us ? CallAt(calls, *question.at_us) : calls.size() - 1;
  const FoundCall& call = calls[chosen];
  Story story;
  story.room = Cut(lines.of_room[call.begin]->room, Line::kMaxIdBytes);
  story.call = call.told;
  for (auto at = calls.rbegin(); at != calls.rend() && story.calls.size() < kMaxToldCalls; ++at) {
    story.calls.push_back(at->told);
  }
  Narrate(Entries(lines.of_room).subspan(call.begin, call.end - call.begin), call, story);
  const std::vector<Outage> outages = Surroundings(lines.of_system, story);
  story.is_complete = IsComplete(index, story);
  Findings findings = Explain({.story = story, .outages = outages, .now_us = question.now_us});
  const size_t left_out = findings.left_out();
  return ToJson(story, findings.Take(), left_out);
}

}  // namespace confab::logs
